import { put } from './put.js';

/**
 * Characters that a person does not see and a model may obey or choke on: control characters except tab and line feed,
 * and all that Unicode calls ignorable (bidirectional controls, zero-width characters, soft hyphens, fillers, tag
 * characters, variation selectors). Kept are a zero-width joiner between two pictographs, which makes one emoji of them,
 * and the selector of an emoji's style right after a pictograph, or within a keycap after a digit: digits are common.
 */
export const HIDDEN =
  /(?![\t\n])\p{Cc}|[\uFFF9-\uFFFB]|(?![\u200D\uFE0E\uFE0F])\p{Default_Ignorable_Code_Point}|(?<!\p{Extended_Pictographic}\uFE0F?|\p{Emoji_Modifier})\u200D|\u200D(?!\p{Extended_Pictographic})|[\uFE0E\uFE0F](?<!\p{Extended_Pictographic}[\uFE0E\uFE0F])(?!(?<=[\d#*]\uFE0F)\u20E3)/gu;

// biome-ignore lint/suspicious/noControlCharactersInRegex: the characters that start a terminal sequence
const ANSI = /(?:\u001B\[|\u009B)[0-?]*[ -/]*[@-~]|\u001B(?:\][^\u0007\u001B]*(?:\u0007|\u001B\\)?|[@-Z\\-_])/g;

/** True for plain ASCII, as nearly all text is: there is nothing to remove from it. */
export const isPlain = (text: string): boolean => /^[\t\n -~]*$/.test(text);

/** Well-formed text without invisible characters; line breaks of every kind are `\n`. */
export function clean(text: string): string {
  if (isPlain(text)) return text;
  return text
    .toWellFormed()
    .replace(/\r\n?|[\u2028\u2029]/g, '\n')
    .replace(ANSI, '')
    .replace(HIDDEN, '');
}

/** The text cleaned, on one line. */
export const oneLine = (text: string): string => clean(text).replace(/\s+/g, ' ').trim();

/**
 * Cuts after this many characters, never inside one, and says how many are missing: `…(+120)`.
 * @param unread how many more follow that are not in the text
 */
export function cut(text: string, most: number, unread = 0): string {
  if (text.length <= most && unread === 0) return text;
  let [points, end] = [0, text.length];
  for (let at = 0; at < text.length; points += 1) {
    if (points === most) end = at;
    at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
  }
  const missing = Math.max(0, points - most) + unread;
  return missing === 0 ? text : `${text.slice(0, end)}…(+${missing})`;
}

/** Applies a change to every string in a value; keys stay the same unless they have a change of their own. */
export function mapStrings(
  value: unknown,
  change: (text: string) => string,
  changeKey: (key: string) => string = (key) => key,
): unknown {
  const walk = (one: unknown): unknown => {
    if (typeof one === 'string') return change(one);
    if (Array.isArray(one)) return one.map(walk);
    if (typeof one !== 'object' || one === null) return one;
    const changed: Record<string, unknown> = {};
    for (const [key, v] of Object.entries(one)) put(changed, changeKey(key), walk(v));
    return changed;
  };
  return walk(value);
}
