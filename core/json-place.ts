/** Where a text stops being JSON, for a sentence: ` near line 2, column 5`; empty if it does not. */
export function placeOfJson(text: string): string {
  const at = faultIn(text);
  if (at === undefined) return '';
  const before = text.slice(0, at).split('\n');
  return ` near line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
}

function faultIn(text: string): number | undefined {
  const told = faultOf(text);
  const position = /position (\d+)/.exec(told)?.[1];
  if (position !== undefined) return Number(position);
  if (told.startsWith('Unexpected end')) return text.length;
  if (told === '') return undefined;
  // The parser only quotes the text there: the place is where the shortest beginning ends that it can't go on from.
  let [good, bad] = [0, text.length];
  while (bad - good > 1) {
    const length = Math.floor((good + bad) / 2);
    if (faultOf(text.slice(0, length)).startsWith('Unexpected token')) bad = length;
    else good = length;
  }
  return good;
}

/** What the parser says of a text; nothing if it is JSON. */
function faultOf(text: string): string {
  try {
    JSON.parse(text);
    return '';
  } catch (error) {
    return String((error as Error).message);
  }
}
