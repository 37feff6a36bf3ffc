import { randomBytes } from 'node:crypto';
import { chmod, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';

/** The form of a token's name. */
export const TOKEN_NAME = /^[a-z0-9][a-z0-9._@-]{0,63}$/i;

const Names = z.array(z.string().min(1).max(100)).min(1).max(1000);

const Entry = z.strictObject({
  name: z.string().regex(TOKEN_NAME),
  /** SHA-256 of the token, in hexadecimal. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  customers: Names.optional(),
  packs: Names.optional(),
  tools: Names.optional(),
  created: z.iso.datetime(),
  /** Null if it never expires. */
  expires: z.iso.datetime().nullable(),
});

const File = z.strictObject({ tokens: z.array(Entry).max(100_000) });

/** What is kept of one token, and its rights. */
export type TokenEntry = z.output<typeof Entry>;

/** Why a file of tokens can't be used, as the end of a sentence; it never quotes the file. */
export class BadTokens extends Error {
  override readonly name = 'BadTokens';
}

/** The largest file that is read, in bytes. */
const LARGEST = 64 * 2 ** 20;

/** Shows whether a file has changed. */
export type Mark = string;

/** @returns undefined if there is no such file, or it can't be accessed */
export async function markOf(path: string): Promise<Mark | undefined> {
  try {
    const { mtimeMs, ctimeMs, size, ino } = await stat(path);
    return [mtimeMs, ctimeMs, size, ino].join();
  } catch {
    return undefined;
  }
}

/**
 * The tokens in a file.
 * @throws BadTokens if it does not exist, can't be read, or contains anything else
 */
export async function readTokens(path: string): Promise<TokenEntry[]> {
  const { tokens } = parse(await textOf(path));
  const names = tokens.map(({ name }) => name.toLowerCase());
  if (new Set(names).size < names.length) throw new BadTokens('two of its tokens have the same name');
  return tokens;
}

async function textOf(path: string): Promise<string> {
  try {
    const stats = await stat(path);
    if (!stats.isFile()) throw new BadTokens('it is not a file');
    if (stats.size > LARGEST) throw new BadTokens('it is too large');
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof BadTokens) throw error;
    throw new BadTokens((error as { code?: string }).code === 'ENOENT' ? 'it is not there' : 'it can not be read');
  }
}

function parse(text: string): z.output<typeof File> {
  try {
    return File.parse(JSON.parse(text));
  } catch {
    throw new BadTokens('it is not a file of tokens, or was cut off');
  }
}

/** The permissions of a file of tokens: its owner only. */
const PRIVATE = 0o600;
/** How long to wait for another writer; a lock older than the limit was left by a dead one. */
const PATIENCE = { tries: 100, everyMs: 50, staleMs: 10_000 };

/**
 * Changes a file of tokens, whole or not at all, one writer at a time. Creates it if it does not exist.
 * @throws BadTokens if it contains anything else, or another writer never finishes; if `change` throws, nothing changes
 */
export async function changeTokens<T>(
  path: string,
  change: (tokens: TokenEntry[]) => { tokens: TokenEntry[]; gives: T },
): Promise<T> {
  const release = await lock(`${path}.lock`);
  try {
    const there = await markOf(path);
    const { tokens, gives } = change(there === undefined ? [] : await readTokens(path));
    const fresh = `${path}.${randomBytes(8).toString('hex')}`;
    const file = await open(fresh, 'wx', PRIVATE);
    try {
      await file.writeFile(`${JSON.stringify({ tokens }, null, 2)}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    // Restores what the umask took away.
    await chmod(fresh, PRIVATE);
    await rename(fresh, path).catch(async (error: unknown) => {
      await rm(fresh, { force: true });
      throw error;
    });
    return gives;
  } finally {
    await release();
  }
}

async function lock(path: string): Promise<() => Promise<void>> {
  for (let left = PATIENCE.tries; left > 0; left -= 1) {
    try {
      await (await open(path, 'wx', PRIVATE)).close();
      return () => rm(path, { force: true });
    } catch (error) {
      if ((error as { code?: string }).code !== 'EEXIST') throw error;
      const age =
        Date.now() -
        (await stat(path).then(
          ({ mtimeMs }) => mtimeMs,
          () => Date.now(),
        ));
      if (age > PATIENCE.staleMs) await rm(path, { force: true });
      else await delay(PATIENCE.everyMs);
    }
  }
  throw new BadTokens(`another command has changed it for too long; delete ${path} if there is none`);
}
