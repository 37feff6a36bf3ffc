import { closeSync, constants, fstatSync, openSync, readSync, type Stats, statSync } from 'node:fs';

/** A file whose text was not read, and why: `it is a folder`. */
export class NoSmallFile extends Error {
  override readonly name = 'NoSmallFile';
}

/**
 * Reads a regular file of at most `most` bytes, UTF-8 or UTF-16, and returns its text without a byte order mark, and
 * its mode. It never waits for anything else: a pipe may block for ever, and a device may never end.
 * @throws NoSmallFile if it is not such a file; the system's own error if it is missing or not readable
 */
export function readSmallFile(path: string, most: number): { text: string; mode: number } {
  refuse(statSync(path), most);
  // Checked again on the open file: the path may lead to another one by now.
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

/** Windows' editors and PowerShell write UTF-16, with or without a byte order mark. */
function textOf(bytes: Buffer): string {
  const [first, second] = bytes;
  const isLittle = (first === 0xff && second === 0xfe) || (first !== 0 && second === 0);
  const isBig = (first === 0xfe && second === 0xff) || (first === 0 && second !== 0 && second !== undefined);
  return isLittle || isBig ? new TextDecoder(isLittle ? 'utf-16le' : 'utf-16be').decode(bytes) : bytes.toString('utf8');
}

function refuse(stats: Stats, most: number): void {
  if (stats.isDirectory()) throw new NoSmallFile('it is a folder, not a file');
  if (!stats.isFile()) throw new NoSmallFile('it is not a regular file');
  if (stats.size > most) throw tooLarge(most);
}

const tooLarge = (most: number) => new NoSmallFile(`it is larger than ${most / 1024} KiB`);
