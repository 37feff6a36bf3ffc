import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { NoSmallFile, readSmallFile } from '../../config/index.js';
import { UsageError } from '../print.js';
import { isThere, replaceFile } from '../write-file.js';
import type { Block } from './clients.js';

type Json = Record<string, unknown>;

/** The size limit of a client's configuration, in bytes. */
const LARGEST = 8 * 2 ** 20;
const BY_HAND = 'Correct it, or leave out --write and put the block in by hand.';

/** A file to write. Nothing is written until `write` is called. */
export interface Draft {
  path: string;
  /** True if the file exists already. */
  exists: boolean;
  write(): void;
}

/**
 * The config of this server. The old one is kept beside it.
 * @throws UsageError if the path is a link, or not a file
 */
export function configDraft(file: string, content: object): Draft {
  const path = resolve(file);
  return { path, exists: isThere(path), write: () => replace(path, content) };
}

/**
 * A client's configuration with this server in it, and everything else as it was.
 * @throws UsageError if the file is a link, or can't be read as a configuration
 */
export function clientDraft(path: string, key: string, name: string, block: Block): Draft {
  const before = read(path);
  const servers = before[key] ?? {};
  if (!isObject(servers))
    throw new UsageError(`"${key}" in ${path} is not an object. Correct it, then run init again.`);
  const after = { ...before, [key]: { ...servers, [name]: block } };
  return { path, exists: Object.hasOwn(servers, name), write: () => replace(path, after) };
}

function read(path: string): Json {
  if (!isThere(path)) return {};
  try {
    const { text } = readSmallFile(path, LARGEST);
    if (text.trim() === '') return {};
    const value: unknown = JSON.parse(text);
    if (isObject(value)) return value;
  } catch (error) {
    if (error instanceof NoSmallFile) throw new UsageError(`${path} can't be read: ${error.message}. ${BY_HAND}`);
    // Reported below: the parser's message would quote the file.
  }
  throw new UsageError(`${path} is not a JSON object. ${BY_HAND}`);
}

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function replace(path: string, content: object): void {
  mkdirSync(dirname(path), { recursive: true });
  replaceFile(path, `${JSON.stringify(content, null, 2)}\n`);
}

/**
 * Writes the client secret into a file that only its owner can read.
 * @throws UsageError if the file exists already
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
