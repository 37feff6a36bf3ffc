/** What servers share besides the budget: the token, names, limits, confirmations and small texts. */
import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { HaloClient } from '../../../core/halo/client.js';
import { Lookups } from '../../../core/halo/lookups.js';
import { connectStore } from '../../../core/store/redis.js';
import { memoryShelf, type Shelf } from '../../../core/store/shelf.js';
import type { Store } from '../../../core/store/store.js';
import { type Sandbox, startSandbox } from '../../../sandbox/index.js';
import { type Desk, openDesk, TICKET } from '../../writes/desk.js';
import { startStore, type TestStore, WITHOUT_STORE } from './redis.js';

const KEY = randomBytes(32);

let redis: TestStore;
let halo: Sandbox;
const open: Store[] = [];
const lines: string[] = [];
const tell = (_: object, line: string) => void lines.push(line);
const log = { debug() {}, error: tell, info: tell, warn: tell };

beforeEach(async () => {
  halo = await startSandbox({ scopes: ['all'], requestsPer5Minutes: 1_000_000 });
  if (WITHOUT_STORE !== undefined) return;
  redis = await startStore();
  await redis.grow();
});
afterEach(async () => {
  for (const store of open.splice(0)) store.close();
  lines.splice(0);
  await Promise.all([halo.close(), redis?.close()]);
});

/** @param key null for none */
/** Waits for the store: on a busy machine one that has just started may be taken for lost. */
async function storeWith(key: Buffer | null = KEY, isThere = true): Promise<Store> {
  const store = connectStore({ url: redis.url, key: key ?? undefined }, log);
  open.push(store);
  if (isThere) await expect.poll(() => store.isUp).toBe(true);
  return store;
}

function clientOf(store: Store, clientSecret = halo.clientSecret) {
  const { url, clientId } = halo;
  const seen: string[] = [];
  const client = new HaloClient({
    connect: async () => ({ apiUrl: `${url}/api`, tokenUrl: `${url}/auth/token`, clientId, clientSecret }),
    ...{ scopes: ['read:tickets'], requestsPer5Minutes: 1000, timeoutMs: 5000, log, store, servers: 2 },
    remember: (secret) => void seen.push(secret),
  });
  const patience = () => ({ signal: new AbortController().signal, deadline: Number.POSITIVE_INFINITY });
  return { client, seen, patience, get: (path: string) => client.get(path, {}, patience()) };
}

const logIns = () => halo.requests.filter(({ path }) => path.startsWith('/auth/token')).length;

describe.skipIf(WITHOUT_STORE)('the token', () => {
  test('is requested once for all servers, and is unreadable in the store', async () => {
    const [a, b] = [clientOf(await storeWith()), clientOf(await storeWith())];
    await a.get(`/Tickets/${TICKET}`);
    await b.get(`/Tickets/${TICKET}`);
    expect(logIns()).toBe(1);
    const token = b.seen.at(-1) as string;
    expect(token).not.toBe(halo.clientSecret);
    expect(a.seen).toContain(token);
    const bytes = await redis.dump();
    expect(bytes).toContain('halo-mcp:1:token:');
    for (const secret of [token, halo.clientSecret, halo.clientId]) {
      expect(bytes).not.toContain(secret);
      expect(bytes).not.toContain(Buffer.from(secret).toString('base64').slice(0, 16));
    }
  });

  test('that Halo turns down is not taken again', async () => {
    const [a, b] = [clientOf(await storeWith()), clientOf(await storeWith())];
    await a.get(`/Tickets/${TICKET}`);
    halo.fault({ name: '401', times: 1, on: '/api/Tickets' });
    await b.get(`/Tickets/${TICKET}`);
    expect(logIns()).toBe(2);
  });

  test('belongs to one secret: a server with another secret logs in by itself, and is refused', async () => {
    const [a, b] = [clientOf(await storeWith()), clientOf(await storeWith(), 'not-the-secret-of-this-halo')];
    await a.get(`/Tickets/${TICKET}`);
    await expect(b.get(`/Tickets/${TICKET}`)).rejects.toMatchObject({ code: 'HALO_CREDENTIALS_REFUSED' });
  });

  test('without a key each has its own, and that is said', async () => {
    const [a, b] = [clientOf(await storeWith(null)), clientOf(await storeWith(null))];
    await a.get(`/Tickets/${TICKET}`);
    await b.get(`/Tickets/${TICKET}`);
    expect(logIns()).toBe(2);
    expect(lines.join('\n')).toContain('HALO_MCP_STORE_KEY is not set');
    expect(await redis.dump()).not.toContain(':token:');
  });

  test('with keys that differ each has its own, and that is said', async () => {
    const [a, b] = [clientOf(await storeWith()), clientOf(await storeWith(randomBytes(32)))];
    await a.get(`/Tickets/${TICKET}`);
    await b.get(`/Tickets/${TICKET}`);
    expect(logIns()).toBe(2);
    await expect.poll(() => lines.join('\n')).toContain('with another HALO_MCP_STORE_KEY');
  });

  test('is had without the store as well', async () => {
    await redis.kill();
    const a = clientOf(await storeWith(KEY, false));
    await a.get(`/Tickets/${TICKET}`);
    expect(logIns()).toBe(1);
  });
});

describe.skipIf(WITHOUT_STORE)('names behind ids', () => {
  test('are read once for all servers with one login, encrypted', async () => {
    const [one, two] = [await storeWith(), await storeWith()];
    const [a, b] = [clientOf(one), clientOf(two)];
    const rows = await new Lookups(a.client, one.shelf('lookups')).get('team', a.patience());
    const asked = halo.requests.length;
    expect(await new Lookups(b.client, two.shelf('lookups')).get('team', b.patience())).toEqual(rows);
    expect(rows.length).toBeGreaterThan(1);
    expect(halo.requests.length).toBe(asked);
    expect(await redis.dump()).not.toContain(rows[0]?.name);
  });

  test('one that is new is asked for all the same', async () => {
    const [one, two] = [await storeWith(), await storeWith()];
    const [a, b] = [clientOf(one), clientOf(two)];
    await new Lookups(a.client, one.shelf('lookups')).get('team', a.patience());
    const asked = halo.requests.length;
    await new Lookups(b.client, two.shelf('lookups')).get('team', b.patience(), ['a team that is new']);
    expect(halo.requests.length).toBe(asked + 1);
  });
});

describe('small texts', () => {
  const shelves: [string, () => Shelf | Promise<Shelf>][] = [['memory', memoryShelf]];
  if (WITHOUT_STORE === undefined) shelves.push(['the store', async () => (await storeWith()).shelf('oauth') as Shelf]);

  test.each(shelves)('in %s are there until their end, and are taken by one alone', async (_, open) => {
    const shelf = await open();
    await shelf.set('state', 'a text with ü', 60_000);
    expect(await shelf.get('state')).toEqual({ text: 'a text with ü', milliseconds: expect.any(Number) });
    expect(await shelf.get('another')).toBeUndefined();
    const taken = await Promise.all(Array.from({ length: 5 }, () => shelf.take('state')));
    expect(taken.filter((one) => one !== undefined)).toEqual(['a text with ü']);
    await shelf.set('short', 'x', 20);
    await expect.poll(() => shelf.get('short')).toBeUndefined();
    await shelf.set('state', 'again', 60_000);
    await shelf.drop('state');
    expect(await shelf.take('state')).toBeUndefined();
  });

  test('in memory keep their place, however many have come and gone since; of too many, those go that would end first', async () => {
    const shelf = memoryShelf();
    await shelf.set('for long', 'x', 3_600_000);
    for (let index = 0; index < 50_001; index += 1) await shelf.set(`gone ${index}`, 'x', 0);
    expect(await shelf.get('for long')).toBeDefined();
    for (let index = 0; index < 50_001; index += 1) await shelf.set(`short ${index}`, 'x', 60_000 + index);
    expect(await shelf.get('for long')).toBeDefined();
    expect([await shelf.get('short 0'), await shelf.get('short 1')]).toEqual([undefined, undefined]);
    expect(await shelf.get('short 2')).toBeDefined();
  });

  test.skipIf(WITHOUT_STORE)('open nowhere but in their own place', async () => {
    const shelf = (await storeWith()).shelf('oauth') as Shelf;
    await shelf.set('contoso', 'whose is it', 60_000);
    await shelf.set('fabrikam', 'mine', 60_000);
    const [one, other] = (await redis.keys()).filter((key) => key.includes('oauth')) as [string, string];
    await redis.copy(one, other);
    const texts = [await shelf.get('contoso'), await shelf.get('fabrikam')].map((kept) => kept?.text);
    expect(texts.filter((text) => text === undefined)).toHaveLength(1);
    expect(await redis.dump()).not.toMatch(/contoso|fabrikam|whose is it/);
  });

  test.skipIf(WITHOUT_STORE)('of one purpose are not found under another', async () => {
    const store = await storeWith();
    await store.shelf('oauth')?.set('a', 'text', 60_000);
    expect(await store.shelf('token')?.get('a')).toBeUndefined();
  });
});

describe.skipIf(WITHOUT_STORE)('limits of callers', () => {
  test('are counted by all servers together, each caller for itself', async () => {
    const rate = { perMinute: 1, burst: 3 };
    const [a, b] = [(await storeWith()).rates('calls', rate), (await storeWith()).rates('calls', rate)];
    const waits = [await a.take('alice'), await b.take('alice'), await a.take('alice'), await b.take('alice')];
    expect(waits.slice(0, 3)).toEqual([0, 0, 0]);
    expect(waits[3]).toBeGreaterThan(0);
    expect(waits[3]).toBeLessThanOrEqual(60_000);
    expect(await b.take('bob')).toBe(0);
    expect(await (await storeWith()).rates('failed', rate).take('alice')).toBe(0);
    expect(await redis.dump()).not.toMatch(/alice|bob/);
  });

  test('hold on each server while the store is lost', async () => {
    const store = await storeWith();
    const rates = store.rates('calls', { perMinute: 1, burst: 2 });
    await redis.kill();
    await expect.poll(() => store.isUp).toBe(false);
    expect([await rates.take('a'), await rates.take('a')]).toEqual([0, 0]);
    expect(await rates.take('a')).toBeGreaterThan(0);
  });
});

describe.skipIf(WITHOUT_STORE)('changes', () => {
  const NOTE = { ticket_id: TICKET, note: 'The parts came with the canary courier.' };
  const desks = async (key?: Buffer | null): Promise<[Desk, Desk, Store]> => {
    const stores = [await storeWith(key), await storeWith(key)];
    const [a, b] = await Promise.all(stores.map((store) => openDesk({ halo, shared: store.writes })));
    return [a as Desk, b as Desk, stores[0] as Store];
  };

  test('previewed by one server and confirmed at another are made once', async () => {
    const [a, b] = await desks();
    const preview = await a.call('add_private_note', NOTE);
    expect(preview.said.state).toBe('preview');
    expect(await redis.dump()).not.toContain('canary');
    const args = { ...NOTE, confirm: preview.said.confirm };
    const both = await Promise.all([a.call('add_private_note', args), b.call('add_private_note', args)]);
    expect(both.filter(({ said }) => said.state === 'done')).toHaveLength(1);
    expect(a.posts()).toHaveLength(1);
    expect((await b.call('add_private_note', args)).text).toContain('CONFIRMATION_REFUSED');
    expect((await b.call('add_private_note', NOTE)).said.state).toBe('already_done');
    expect(a.posts()).toHaveLength(1);
  });

  test('without a key, or with another one, a confirmation is good where it was given, and once', async () => {
    for (const key of [null, randomBytes(32)] as const) {
      const note = { ...NOTE, note: `With ${key === null ? 'no' : 'another'} key.` };
      const [a] = await desks(key);
      const [b] = await desks(key === null ? null : randomBytes(32));
      const preview = await a.call('add_private_note', note);
      const args = { ...note, confirm: preview.said.confirm };
      expect((await b.call('add_private_note', args)).text).toContain('CONFIRMATION_REFUSED');
      expect((await a.call('add_private_note', args)).said.state).toBe('done');
      expect((await b.call('add_private_note', note)).said.state).toBe('already_done');
    }
    expect(halo.changes).toHaveLength(2);
  });

  test('are not begun while the store is lost, and what was previewed stays good', async () => {
    const [a, , store] = await desks();
    const preview = await a.call('add_private_note', NOTE);
    const args = { ...NOTE, confirm: preview.said.confirm };
    redis.freeze();
    const refused = await a.call('add_private_note', args);
    expect(refused.text).toContain('STORE_LOST');
    expect(refused.text).toContain('Nothing was changed.');
    expect((await a.call('add_private_note', NOTE)).text).toContain('STORE_LOST');
    redis.thaw();
    await expect.poll(() => store.isUp).toBe(true);
    expect((await a.call('add_private_note', args)).said.state).toBe('done');
    expect(a.posts()).toHaveLength(1);
  });

  test('that an empty store knows nothing of are looked for in Halo first', async () => {
    const [a, b, store] = await desks();
    await a.confirmed('add_private_note', NOTE);
    await redis.restart();
    await expect.poll(() => store.isUp).toBe(true);
    await expect.poll(async () => (await b.call('add_private_note', NOTE)).said.state).toBe('already_done');
    expect(a.posts()).toHaveLength(1);
  });
});
