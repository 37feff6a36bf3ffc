import { basename } from 'node:path';
import { ConfigError } from '../core/config-error.js';
import { holdsHaloSecret, looksSecret } from '../core/secret-form.js';
import { secretVariable } from '../core/settings.js';
import { shown } from '../core/shown.js';
import { NoSmallFile, readSmallFile } from './small-file.js';
import { placeholderIn, unquoted } from './value.js';

/** The size limit of the client secret's file, in bytes. */
const LARGEST = 4096;

const SECRET_KEY = /(secret|password|passwd|token|api_?key)$/i;

/**
 * Refuses a config with a secret anywhere in it.
 * @throws ConfigError for a key, at any depth, that names a secret and holds text, or for Halo's secret under any key
 */
export function refuseSecrets(raw: unknown, place: string): void {
  const path = secretIn(raw);
  if (path === undefined) return;
  throw new ConfigError(
    `${place}: "${shown(path)}" looks like a secret, and a secret does not belong in the config file. ${wayOut(path)}`,
  );
}

function wayOut(path: string): string {
  const [, customer, rest = path] = /^customers\.([a-z][a-z0-9-]*)\.(.*)$/s.exec(path) ?? [];
  if (rest.startsWith('plugins')) return 'Let the plugin read it from an environment variable or a file of its own.';
  const way =
    customer === undefined
      ? 'Put it into the environment variable HALO_CLIENT_SECRET, or into a file that HALO_CLIENT_SECRET_FILE names.'
      : `Put it into the environment variable ${secretVariable(customer)}, or into a file that "clientSecretFile" names there.`;
  return rest.endsWith('clientId') ? `${way} ${SWAPPED}` : way;
}

/** Said where a secret is found in the place of a client id. */
const SWAPPED = 'It may be swapped with the client id: each belongs in the place of the other.';

function secretIn(value: unknown, path: readonly string[] = []): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, inner] of Object.entries(value)) {
    const here = [...path, key];
    const isOne = typeof inner === 'string' && (SECRET_KEY.test(key) || holdsHaloSecret(inner));
    const found = isOne ? here.join('.') : secretIn(inner, here);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Said of a path that may be the pasted secret itself, which would otherwise show in every answer. */
const NO_NAME = "can't be read, and its name looks like a secret, so it is not shown";

/** A secret from its file, or why there is none, and warnings about the file. */
export interface FromFile {
  secret?: string;
  /** A whole sentence with its way out. */
  fault?: string;
  warnings: string[];
}

/**
 * The client secret from its file: UTF-8 or UTF-16, with or without quotes or its variable's name in front. If the file
 * is missing, empty or not a small file, the credential is missing: the server starts, and each call says so.
 */
export function readSecret(path: string): FromFile {
  const subject = `The client secret's file ${shown(path, 400)}`;
  const alone = 'Name a file that holds the secret and nothing else.';
  try {
    const { text, mode } = readSmallFile(path, LARGEST);
    const open = process.platform === 'win32' ? 0 : mode & 0o077;
    const who = (open & 0o007) !== 0 ? 'everybody' : 'others';
    const warnings = open === 0 ? [] : [`${subject} can be read by ${who} on this machine: chmod 600 it.`];
    const secret = unquoted(text.trim().replace(/^(?:export\s+|set\s+)?HALO_CLIENT_SECRET\w*\s*=\s*/i, ''));
    if (secret === '') return { fault: `${subject} is empty. Put the secret into it.`, warnings };
    const kind = placeholderIn(secret, true);
    if (kind !== undefined)
      return { fault: `${subject} still holds ${kind}. Put the secret itself into it.`, warnings };
    if (/[\r\n\0]/.test(secret)) return { fault: `${subject} holds more than one line. ${alone}`, warnings };
    return { secret, warnings };
  } catch (error) {
    if (looksSecret(basename(path))) return { fault: `The client secret's file ${NO_NAME}. ${alone}`, warnings: [] };
    const fault =
      error instanceof NoSmallFile
        ? `${subject} can't be read: ${error.message}. ${alone}`
        : `${subject} can't be read. Check the path and its permissions.`;
    return { fault, warnings: [] };
  }
}
