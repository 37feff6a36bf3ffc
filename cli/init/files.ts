import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { UsageError } from '../print.js';
import type { Block } from './clients.js';

type Json = Record<string, unknown>;

/** A file as it would be written. Nothing is, until `write` is called. */
export interface Draft {
  path: string;
  /** True where a file is there already. */
  exists: boolean;
  write(): void;
}

/** The config of this server. What was there is kept beside it. */
export function configDraft(file: string, content: object): Draft {
  const path = resolve(file);
  return { path, exists: existsSync(path), write: () => replace(path, content) };
}

/**
 * A client's configuration with this server in it, and everything else as it was.
 * @throws UsageError where the file can't be read as such a configuration
 */
export function clientDraft(path: string, name: string, block: Block): Draft {
  const before = read(path);
  const servers = before.mcpServers ?? {};
  if (!isObject(servers))
    throw new UsageError(`"mcpServers" in ${path} is no object. Correct it, then run init again.`);
  const after = { ...before, mcpServers: { ...servers, [name]: block } };
  return { path, exists: name in servers, write: () => replace(path, after) };
}

function read(path: string): Json {
  if (!existsSync(path)) return {};
  const text = readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
  if (text.trim() === '') return {};
  try {
    const value: unknown = JSON.parse(text);
    if (isObject(value)) return value;
  } catch {
    // Told below: the parser's words would quote the file.
  }
  throw new UsageError(`${path} is no JSON object. Correct it, or leave out --write and put the block in by hand.`);
}

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Writes beside the file and moves it there, with the rights that it had; what was there is kept as `.backup-…`. */
function replace(path: string, content: object): void {
  mkdirSync(dirname(path), { recursive: true });
  const mode = existsSync(path) ? statSync(path).mode & 0o777 : 0o600;
  if (existsSync(path)) copyFileSync(path, backupOf(path));
  writeFileSync(`${path}.new`, `${JSON.stringify(content, null, 2)}\n`, { mode });
  renameSync(`${path}.new`, path);
}

function backupOf(path: string): string {
  const stamp = new Date().toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '-');
  const free = [`${path}.backup-${stamp}`, ...Array.from({ length: 99 }, (_, n) => `${path}.backup-${stamp}-${n + 2}`)];
  return free.find((name) => !existsSync(name)) ?? `${path}.backup`;
}

/**
 * The client secret in a file of its own that nobody else can read.
 * @throws UsageError where there is a file already
 */
export function writeSecret(file: string, secret: string): void {
  const path = resolve(file);
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  try {
    writeFileSync(path, `${secret}\n`, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as { code?: string }).code !== 'EEXIST') throw error;
    throw new UsageError(`${path} is there already, and a secret is not overwritten. Name another file.`);
  }
}
