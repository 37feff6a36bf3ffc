import { randomBytes } from 'node:crypto';

/** A tag that nobody can guess: random for each call. */
export const newTag = (): string => `halo-data-${randomBytes(12).toString('base64url')}`;

/** Puts text that end users wrote between two tags, once around the whole of it; what looks like a tag inside is broken. */
export function fence(text: string, tag: string): string {
  return `<${tag}>\n${text.replace(/<(\/?)halo-data-/gi, '‹$1halo-data-')}\n</${tag}>`;
}
