const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** What follows the key `"id"` if its value is a string or a number. */
const ID = /\s*:\s*("(?:[^"\\]|\\.){0,500}"|-?\d{1,16})\s*[,}]/y;

/** What a line, whole or cut off, shows without parsing: how deep it nests, and the id at its top level. */
export function scan(text: string): { depth: number; id: unknown } {
  let depth = 0;
  let deepest = 0;
  let id: unknown;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      const end = endOfString(text, at);
      if (depth === 1 && end - at === 4 && text.startsWith('"id"', at)) id = idAfter(text, end) ?? id;
      at = end - 1;
    } else if (code === 0x5b || code === 0x7b) {
      depth += 1;
      if (depth > deepest) deepest = depth;
    } else if (code === 0x5d || code === 0x7d) depth -= 1;
  }
  return { depth: deepest, id };
}

function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === BACKSLASH) at += 1;
    else if (code === QUOTE) return at + 1;
  }
  return text.length;
}

function idAfter(text: string, at: number): unknown {
  ID.lastIndex = at;
  const found = ID.exec(text)?.[1];
  try {
    return found === undefined ? undefined : JSON.parse(found);
  } catch {
    return undefined;
  }
}
