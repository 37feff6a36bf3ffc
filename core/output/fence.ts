import { randomBytes } from 'node:crypto';

/** A tag that nobody can guess: 128 random bits for each call. */
export const newTag = (): string => `halo-data-${randomBytes(16).toString('base64url')}`;

/** A bracket, however it is written, before what reads like the name of a tag of ours. */
const LIKE_A_TAG = /(?:[<＜﹤〈⟨‹«]|&(?:lt|#0{0,9}60|#x0{0,9}3c);?)([\s/\\]{0,9})(?=halo[\s\p{Pd}_]{0,3}data)/giu;

/** Puts text that end users wrote between two tags, once around the whole of it; what looks like a tag inside is broken. */
export function fence(text: string, tag: string): string {
  return `<${tag}>\n${text.replace(LIKE_A_TAG, '‹$1')}\n</${tag}>`;
}
