import { setTimeout as wait } from 'node:timers/promises';
import { type Settings, serversOf } from '../../core/settings.js';
import type { Finding } from './finding.js';

/** How long to wait for the store. */
const LONGEST_MS = 3000;
const EVERY_MS = 50;

const SILENT = { debug() {}, info() {}, warn() {}, error() {} };

/** Whether the store that several servers share is reachable; no finding if they share nothing. */
export async function storeFindings(settings: Settings): Promise<Finding[]> {
  if (settings.store === undefined) return [];
  const { connectStore } = await import('../../core/store/redis.js');
  const store = connectStore(settings.store, SILENT);
  for (let waited = 0; !store.isUp && waited < LONGEST_MS; waited += EVERY_MS) await wait(EVERY_MS);
  const { isUp, cause } = store;
  store.close();
  const servers = serversOf(settings);
  const [id, title, data] = ['store', 'Store', { servers, key: settings.store.key !== undefined }];
  if (!isUp)
    return [
      {
        ...{ id, title, mark: 'fail', data },
        detail: `it does not answer (${cause}). Each server goes on with its part, one of ${servers}, and changes nothing in Halo.`,
        way_out: 'Check HALO_MCP_STORE, its password, and whether Valkey or Redis runs there.',
      },
    ];
  if (settings.store.key === undefined)
    return [
      {
        ...{ id, title, mark: 'warn', data },
        detail: 'it answers; without HALO_MCP_STORE_KEY each server has a token and names of its own.',
        way_out: 'Set HALO_MCP_STORE_KEY, the same for all servers: `openssl rand -base64 32` makes one.',
      },
    ];
  return [
    {
      ...{ id, title, mark: 'ok', data },
      detail: `it answers; while it is lost, a server has one of ${servers} parts`,
    },
  ];
}
