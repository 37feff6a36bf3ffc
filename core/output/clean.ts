/**
 * Characters that a person does not see and a model may obey or choke on: control characters but tab and line feed,
 * bidirectional controls and marks, zero-width ones, soft hyphen, tag characters, and variation selectors that follow
 * nothing they could vary. A zero-width joiner between two pictographs is kept: it makes one emoji of them.
 */
const HIDDEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u00AD\u061C\u180E\u200B\u200C\u200E\u200F\u202A-\u202E\u2060-\u2064\u2066-\u206F\uFEFF\uFFF9-\uFFFB]|[\u{E0000}-\u{E007F}]|(?<!\p{Extended_Pictographic}\uFE0F?|\p{Emoji_Modifier})\u200D|\u200D(?!\p{Extended_Pictographic})|(?<![\p{Extended_Pictographic}\p{Emoji}])[\uFE00-\uFE0F]/gu;

// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape that starts a terminal sequence
const ANSI = /\u001B(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001B]*(?:\u0007|\u001B\\)?|[@-Z\\-_])/g;

/** Well-formed text without what cannot be seen; line breaks are `\n`. */
export function clean(text: string): string {
  return text.toWellFormed().replace(/\r\n?/g, '\n').replace(ANSI, '').replace(HIDDEN, '');
}

/** Cuts after so many characters, never inside one, and says how many are missing: `…(+120)`. */
export function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  const points = Array.from(text);
  return points.length <= most ? text : `${points.slice(0, most).join('')}…(+${points.length - most})`;
}

/** Applies a change to every string in a value, keys left alone. */
export function mapStrings(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((v) => mapStrings(v, change));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, v]) => [key, mapStrings(v, change)]));
  return value;
}
