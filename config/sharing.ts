import type { StoreOptions } from '../core/settings.js';
import { decoded } from './decoded.js';
import { unfilled } from './variables.js';

/** What the environment says about several servers that share the same logins. */
export interface Sharing {
  replicas?: number;
  store?: StoreOptions;
  /** Why variables can't be used: one sentence each, with its way out. */
  faults: string[];
  warnings: string[];
}

const [REPLICAS, STORE, KEY] = ['HALO_MCP_REPLICAS', 'HALO_MCP_STORE', 'HALO_MCP_STORE_KEY'] as const;
const MOST = 100;
const KEY_BYTES = 32;

/** The variables of the environment, without blanks and quotes. */
export interface SharingVariables {
  replicas: string | undefined;
  store: string | undefined;
  key: string | undefined;
}

/** A value, or why there is none. The fault never repeats the text, which may hold a password or be the key. */
type Read<T> = { value: T } | { fault: string };

export function sharingOf(given: SharingVariables): Sharing {
  const faults: string[] = [];
  const read = <T>(text: string | undefined, variable: string, reader: (text: string) => Read<T>): T | undefined => {
    if (text === undefined) return undefined;
    const placeholder = unfilled(variable, text, variable === KEY);
    const found = placeholder === undefined ? reader(text) : { fault: placeholder };
    if ('value' in found) return found.value;
    faults.push(found.fault);
    return undefined;
  };
  const replicas = read(given.replicas, REPLICAS, readCount);
  const url = read(given.store, STORE, readUrl);
  const key = read(given.key, KEY, readKey);
  const idle = key !== undefined && given.store === undefined;
  return {
    ...(replicas !== undefined && { replicas }),
    ...(url !== undefined && { store: { url, key } }),
    faults,
    warnings: idle ? [`${KEY} does nothing without ${STORE}.`] : [],
  };
}

function readCount(text: string): Read<number> {
  const value = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (value >= 1 && value <= MOST) return { value };
  return {
    fault: `${REPLICAS} must be a whole number from 1 to ${MOST}: how many servers ask Halo with the same login at most.`,
  };
}

function readUrl(text: string): Read<string> {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isStore = url !== undefined && /^rediss?:$/.test(url.protocol) && url.hostname !== '';
  if (isStore && /^\/?\d{0,4}$/.test(url.pathname) && url.search === '' && url.hash === '') return { value: text };
  return {
    fault: `${STORE} is not the address of a store. Give it as redis://HOST:6379, or as rediss://:PASSWORD@HOST:6379/0 if it has TLS, a password and a database number.`,
  };
}

function readKey(text: string): Read<Buffer> {
  const isHex = /^[0-9a-f]{64}$/i.test(text);
  const isBase64 = /^[\w+/-]{43}=?$/.test(text);
  const value = isHex ? Buffer.from(text, 'hex') : isBase64 ? Buffer.from(text, 'base64') : undefined;
  if (value?.length === KEY_BYTES) return { value };
  return {
    fault: `${KEY} must be ${KEY_BYTES} bytes in base64 or hex, the same for all servers. \`openssl rand -base64 ${KEY_BYTES}\` makes one.`,
  };
}

/** The secrets among these: the key as it is written, and the passwords in the address. */
export function secretsOfSharing({ key = '', store: text = '' }: SharingVariables): string[] {
  const { password = '' } = URL.canParse(text) ? new URL(text) : {};
  const login = /^[a-z]+:\/\/([^/]*)@/i.exec(text)?.[1] ?? '';
  return [...new Set([key, login, password, decoded(password)])].filter((secret) => secret !== '');
}

/** Removes the key and the whole address, password and all, from the environment. */
export function hideSharing(env: NodeJS.ProcessEnv): void {
  delete env[STORE];
  delete env[KEY];
}
