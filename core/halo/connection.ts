import { HaloError } from '../errors.js';
import { isTooLong, MOST_BYTES } from '../output/redact.js';
import { type CustomerSettings, ONLY_CUSTOMER, secretVariable } from '../settings.js';
import type { Connection } from './client.js';

/**
 * Where a customer's Halo is and how to log in there.
 * @throws HaloError HALO_NOT_CONFIGURED, naming what is missing or unusable
 */
export function connectionOf(own: CustomerSettings): Connection {
  const { name, urls, proxies, clientId, clientSecret, warnings, faults = [] } = own;
  if (faults.length > 0)
    throw new HaloError('HALO_NOT_CONFIGURED', faults.join(' '), 'Then restart the server; nothing was sent.');
  if (urls === undefined || clientId === undefined || clientSecret === undefined) {
    const missing = [
      ...(urls === undefined ? ['HALO_INSTANCE_URL'] : []),
      ...(clientId === undefined ? ['HALO_CLIENT_ID'] : []),
      ...(clientSecret === undefined ? ['HALO_CLIENT_SECRET'] : []),
    ];
    const [are, them] = missing.length > 1 ? ['are', 'them'] : ['is', 'it'];
    // An unreadable secret file was reported at the start; that warning is the remedy here.
    const unread = clientSecret === undefined ? warnings.findLast((one) => one.startsWith(SECRET_FILE)) : undefined;
    if (name === ONLY_CUSTOMER)
      throw new HaloError(
        'HALO_NOT_CONFIGURED',
        `The server has no Halo to ask: ${missing.join(', ')} ${are} not set.`,
        unread ??
          `Set ${them} in the environment of the server (the secret best by HALO_CLIENT_SECRET_FILE), and restart it.`,
      );
    const secret = clientSecret === undefined ? ` (the secret may also be in ${secretVariable(name)})` : '';
    const keys = missing.map((one) => KEYS[one]).join(', ');
    throw new HaloError(
      'HALO_NOT_CONFIGURED',
      `The customer "${name}" has no Halo to ask: ${keys} ${are} not set.`,
      unread ?? `Set ${them} under "customers"."${name}" in the config${secret}, and restart the server.`,
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

/** How every warning about a secret file begins. */
const SECRET_FILE = "The client secret's file";

/** A customer's keys in the config, by the variables that a server with one customer uses. */
const KEYS: Record<string, string> = {
  HALO_INSTANCE_URL: 'instanceUrl',
  HALO_CLIENT_ID: 'clientId',
  HALO_CLIENT_SECRET: 'clientSecretFile',
};
