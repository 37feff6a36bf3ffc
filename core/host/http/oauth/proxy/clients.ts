import { keyFor, sealWith } from '../../../../store/seal.js';
import type { Store } from '../store.js';
import { isAllowed } from './redirects.js';
import { Refused } from './refused.js';

/** An MCP client: a program, never a person. All are public: a secret that every copy of a program holds is none. */
export interface Client {
  id: string;
  name: string;
  redirectUris: readonly string[];
}

export interface Clients {
  /** @throws Refused for an unknown one */
  find(id: string): Promise<Client>;
  /** RFC 7591. @throws Refused for metadata that can't be used */
  register(metadata: Record<string, unknown>): Promise<Client>;
}

const DOCUMENT_MS = 10 * 60_000;
const MOST_URIS = 10;

export interface ClientParts {
  store: Store;
  /** Reads a client's metadata at its address; undefined if none can be had. */
  documents: (address: string) => Promise<Record<string, unknown> | undefined>;
}

/**
 * Clients that describe themselves at an address of their own (client ID metadata documents), and registered clients.
 * Anyone may register, so nothing is stored for a registered client: its id is its own metadata, encrypted, and stays
 * valid for as long as the store's key lasts.
 */
export function clientsOf({ store, documents }: ClientParts, listed: readonly string[]): Clients {
  const { close, open } = sealWith(keyFor(store.signingKey, 'clients'));
  const registered = (id: string): Client => {
    const text = open(id, PLACE);
    if (text === undefined) throw unknown();
    const [name, ...redirectUris] = JSON.parse(text) as [string, ...string[]];
    return { id, name, redirectUris };
  };
  return {
    async find(id) {
      if (id.length > LONGEST_ID) throw unknown();
      if (!URL.canParse(id)) return registered(id);
      const key = `client:${id}`;
      const known = (await store.get(key)) as Client | undefined;
      if (known !== undefined) return known;
      const document = await documents(id);
      if (document?.client_id !== id) throw unknown();
      const client: Client = { id, ...described(document, listed) };
      await store.set(key, client, DOCUMENT_MS);
      return client;
    },
    async register(metadata) {
      const { name, redirectUris } = described(metadata, listed, true);
      const id = Buffer.from(close(JSON.stringify([name, ...redirectUris]), PLACE), 'base64').toString('base64url');
      if (id.length > LONGEST_ID) throw new Refused('invalid_client_metadata', '"redirect_uris" is too long.');
      return { id, name, redirectUris };
    },
  };
}

const LONGEST_ID = 2000;
/** The purpose that ids are encrypted for, so that nothing else passes for an id. */
const PLACE = 'client';

const unknown = () =>
  new Refused(
    'invalid_client',
    'This client is not known here. It has to register, or to give the address of its metadata.',
    401,
  );

/** @param all true if clients must be allowed back to every one of its addresses */
function described(metadata: Record<string, unknown>, listed: readonly string[], all = false): Omit<Client, 'id'> {
  const { redirect_uris: uris, client_name: name } = metadata;
  if (!Array.isArray(uris) || uris.length === 0 || uris.length > MOST_URIS)
    throw new Refused('invalid_client_metadata', `"redirect_uris" has to list one to ${MOST_URIS} addresses.`);
  // Some of a document's addresses may be useful only elsewhere; the requested one must be among those kept.
  const kept = uris.filter((uri): uri is string => typeof uri === 'string' && isAllowed(uri, listed));
  if (kept.length === 0 || (all && kept.length < uris.length))
    throw new Refused(
      'invalid_redirect_uri',
      'Clients are not sent back to that address. The operator of this server lists it in "http.oauth.proxy.redirectUris".',
    );
  const shown =
    typeof name === 'string'
      ? name
          .replace(/[\p{C}\p{Z}]+/gu, ' ')
          .trim()
          .slice(0, 80)
      : '';
  return { name: shown || 'a client without a name', redirectUris: kept };
}
