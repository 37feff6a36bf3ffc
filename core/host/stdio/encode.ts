import { INTERNAL_ERROR } from '../handlers/codes.js';

/** Half of a surrogate pair, as JSON escapes it when the other half is missing. */
const HALF = /(?<!\\)((?:\\\\)*)\\ud[89a-f][0-9a-f]{2}/g;

/** A message as the bytes of one line, always well-formed Unicode. A message that has no JSON form becomes an error. */
export function encode(message: object): Buffer {
  const line = stringify(message);
  return Buffer.from(`${line.includes('\\ud') ? line.replace(HALF, '$1\\ufffd') : line}\n`);
}

function stringify(message: object): string {
  try {
    return JSON.stringify(message);
  } catch {
    const { id } = message as { id?: unknown };
    return JSON.stringify({
      jsonrpc: '2.0',
      id,
      error: { code: INTERNAL_ERROR, message: 'The answer has no JSON form.' },
    });
  }
}
