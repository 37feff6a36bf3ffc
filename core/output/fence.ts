import { randomBytes } from 'node:crypto';

/** A tag that nobody can guess: 128 random bits for each call. */
export const newTag = (): string => `halo-data-${randomBytes(16).toString('base64url')}`;

/** A bracket in any form, before what reads like the name of one of our tags. */
const LIKE_A_TAG = /(?:[<＜﹤〈⟨‹«]|&(?:lt|#0{0,9}60|#x0{0,9}3c);?)([\s/\\]{0,9})(?=halo[\s\p{Pd}_]{0,3}data)/giu;

/** Puts end users' text between two tags, once around all of it; whatever looks like a tag inside is broken. */
export function fence(text: string, tag: string): string {
  return `<${tag}>\n${text.replace(LIKE_A_TAG, '‹$1')}\n</${tag}>`;
}
