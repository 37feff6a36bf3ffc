import { HaloError } from '../errors.js';
import { isTooLong, MOST_BYTES } from '../output/redact.js';
import { type CustomerSettings, ONLY_CUSTOMER, secretVariable } from '../settings.js';
import type { Connection } from './client.js';

/**
 * Where a customer's Halo is and how to log in there.
 * @throws HaloError HALO_NOT_CONFIGURED, naming what is missing or unusable
 */
export function connectionOf(own: CustomerSettings): Connection {
  const { name, urls, proxies, clientId, clientSecret, faults = [], unfilled = [] } = own;
  if (faults.length + unfilled.length > 0)
    throw new HaloError(
      'HALO_NOT_CONFIGURED',
      [...faults, ...unfilled].join(' '),
      'Then restart the server; nothing was sent.',
    );
  if (urls === undefined || clientId === undefined || clientSecret === undefined) {
    const unread = unreadSecret(own);
    const missing = [
      ...(urls === undefined ? ['HALO_INSTANCE_URL'] : []),
      ...(clientId === undefined ? ['HALO_CLIENT_ID'] : []),
      ...(clientSecret === undefined && unread === undefined ? ['HALO_CLIENT_SECRET'] : []),
    ];
    const isOnly = name === ONLY_CUSTOMER;
    const whose = isOnly ? 'The server' : `The customer "${name}"`;
    if (missing.length === 0)
      throw new HaloError(
        'HALO_NOT_CONFIGURED',
        `${whose} has no client secret.`,
        `${unread} Then restart the server.`,
      );
    const [are, them] = missing.length > 1 ? ['are', 'them'] : ['is', 'it'];
    const needsSecret = missing.includes('HALO_CLIENT_SECRET');
    const words = isOnly ? missing : missing.map((one) => KEYS[one]);
    const best = needsSecret ? ' (the secret best by HALO_CLIENT_SECRET_FILE)' : '';
    const secret = needsSecret ? ` (the secret may also be in ${secretVariable(name)})` : '';
    const way = isOnly
      ? `Set ${them} in the environment of the server${best}, and restart it.`
      : `Set ${them} under "customers"."${name}" in the config${secret}, and restart the server.`;
    throw new HaloError(
      'HALO_NOT_CONFIGURED',
      `${whose} has no Halo to ask: ${words.join(', ')} ${are} not set.`,
      unread === undefined ? way : `${way} ${unread}`,
    );
  }
  if (isTooLong(clientSecret, 'secret'))
    throw new HaloError(
      'HALO_NOT_CONFIGURED',
      `The client secret is longer than ${MOST_BYTES.secret / 1024} KiB, so it is not one of Halo's.`,
      `Put the secret alone into ${name === ONLY_CUSTOMER ? 'HALO_CLIENT_SECRET' : secretVariable(name)} or its file, and restart the server.`,
    );
  return { apiUrl: urls.api, tokenUrl: urls.token, clientId, clientSecret, proxies };
}

/** Why the file of the secret gives none: the warning of the start, which is the remedy here. */
export const unreadSecret = ({ clientSecret, warnings }: CustomerSettings): string | undefined =>
  clientSecret === undefined ? warnings.findLast(isOfSecretFile) : undefined;

/** True for a warning about the secret's file. */
export const isOfSecretFile = (warning: string): boolean => warning.startsWith(SECRET_FILE);

/** How every warning about a secret file begins. */
const SECRET_FILE = "The client secret's file";

/** A customer's keys in the config, by the variables that a server with one customer uses. */
const KEYS: Record<string, string> = {
  HALO_INSTANCE_URL: 'instanceUrl',
  HALO_CLIENT_ID: 'clientId',
  HALO_CLIENT_SECRET: 'clientSecretFile',
};
