import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  copyFileSync,
  fchmodSync,
  fsyncSync,
  lstatSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { UsageError } from './print.js';

/** The mode of a new file: init's files name hosts, and clients keep secrets in theirs. */
const PRIVATE = 0o600;

/**
 * True if the file exists.
 * @throws UsageError for a link, which could lead anywhere, and for anything else that is not a file
 */
export function isThere(path: string): boolean {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats?.isSymbolicLink())
    throw new UsageError(
      `${path} is a link to another file, and links are not followed. Nothing was written: change the file that it leads to by hand, or name that one.`,
    );
  if (stats !== undefined && !stats.isFile())
    throw new UsageError(`${path} is not a file. Nothing was written: name another one.`);
  return stats !== undefined;
}

/**
 * Writes a file whole or not at all: first beside it, under an unguessable name, then moved into place. An existing
 * file keeps its mode, and a copy stays as `.backup-…`.
 * @throws UsageError like `isThere`
 */
export function replaceFile(path: string, text: string): void {
  const mode = isThere(path) ? lstatSync(path).mode & 0o777 : PRIVATE;
  const fresh = join(dirname(path), `.${basename(path)}.${randomBytes(8).toString('hex')}`);
  const file = openSync(fresh, 'wx', PRIVATE);
  try {
    try {
      writeFileSync(file, text);
      // Restores what the umask took away.
      if (process.platform !== 'win32') fchmodSync(file, mode);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    if (isThere(path)) keepCopy(path);
    renameSync(fresh, path);
  } catch (error) {
    rmSync(fresh, { force: true });
    throw error;
  }
}

/** Copies a file beside itself, under the first free name. */
function keepCopy(path: string): void {
  const stamp = new Date().toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '-');
  for (let copy = 1; ; copy += 1) {
    try {
      copyFileSync(path, `${path}.backup-${stamp}${copy > 1 ? `-${copy}` : ''}`, constants.COPYFILE_EXCL);
      return;
    } catch (error) {
      if ((error as { code?: string }).code !== 'EEXIST' || copy === 99) throw error;
    }
  }
}
