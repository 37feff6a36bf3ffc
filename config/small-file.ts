import { closeSync, constants, fstatSync, openSync, readSync, type Stats, statSync } from 'node:fs';

/** A file whose text was not read, and why: `it is a folder`. */
export class NoSmallFile extends Error {
  override readonly name = 'NoSmallFile';
}

/**
 * The text of a regular file of at most so many bytes, UTF-8 or UTF-16 without a mark at its start, and its rights. Nothing else
 * is waited for: a pipe that nobody writes to would be for ever, and a device may never end.
 * @throws NoSmallFile for what is no such file; the system's own error for one that is not there or may not be read
 */
export function readSmallFile(path: string, most: number): { text: string; mode: number } {
  refuse(statSync(path), most);
  // Again with the file in hand: another one may lie there by now.
  const file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const stats = fstatSync(file);
    refuse(stats, most);
    const bytes = Buffer.alloc(most + 1);
    let length = 0;
    for (let read = -1; read !== 0 && length <= most; length += read)
      read = readSync(file, bytes, length, bytes.length - length, null);
    if (length > most) throw tooLarge(most);
    return { text: textOf(bytes.subarray(0, length)).replace(/^\uFEFF/, ''), mode: stats.mode & 0o777 };
  } finally {
    closeSync(file);
  }
}

/** Windows' own editors and PowerShell write UTF-16, with a mark at the start or without. */
function textOf(bytes: Buffer): string {
  const [first, second] = bytes;
  const isLittle = (first === 0xff && second === 0xfe) || (first !== 0 && second === 0);
  const isBig = (first === 0xfe && second === 0xff) || (first === 0 && second !== 0 && second !== undefined);
  return isLittle || isBig ? new TextDecoder(isLittle ? 'utf-16le' : 'utf-16be').decode(bytes) : bytes.toString('utf8');
}

function refuse(stats: Stats, most: number): void {
  if (stats.isDirectory()) throw new NoSmallFile('it is a folder, not a file');
  if (!stats.isFile()) throw new NoSmallFile('it is no regular file');
  if (stats.size > most) throw tooLarge(most);
}

const tooLarge = (most: number) => new NoSmallFile(`it is larger than ${most / 1024} KiB`);
