import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Fault } from '../../sandbox/faults.js';
import { startSandbox } from '../../sandbox/index.js';
import { type Connection, connect } from './connect.js';
import { look } from './wire.js';

let halo: Connection;
beforeEach(async () => {
  halo = await connect();
});
afterEach(() => halo.sandbox.close());

const statuses = async (...paths: string[]) => {
  const seen: number[] = [];
  for (const path of paths) seen.push((await halo.raw(path)).status);
  return seen;
};
const five = (path: string) => Array.from({ length: 5 }, () => path);

describe('which requests a fault hits', () => {
  it.each<[string | Fault, string[], number[]]>([
    ['500', ['/Team', '/Client/12'], [500, 500]],
    ['500@token', ['/Team'], [200]],
    ['500@/Client', ['/Client', '/client/12', '/ClientContract', '/Team'], [500, 500, 200, 200]],
    ['500@/api/Client', ['/Client', '/Team'], [500, 200]],
    ['500@/Client?page_no=2', ['/Client?page_no=1', '/Client?x=1&page_no=2', '/Client'], [200, 500, 200]],
    ['500:2', five('/Team'), [500, 500, 200, 200, 200]],
    ['500:1@/Client', ['/Team', '/Client', '/Client'], [200, 500, 200]],
    [{ name: '500', after: 2, times: 1 }, five('/Team'), [200, 200, 500, 200, 200]],
    [{ name: '500', on: '/Client', after: 1 }, ['/Team', '/Client', '/Team', '/Client'], [200, 200, 200, 500]],
  ])('the fault %j hits the requests that it says, and no others', async (fault, paths, expected) => {
    halo.sandbox.fault(fault);
    expect(await statuses(...paths)).toEqual(expected);
  });

  it('all: the token endpoint, the API and what lies beside them', async () => {
    halo.sandbox.fault('500@all');
    expect((await halo.ask({})).status).toBe(500);
    expect((await fetch(`${halo.sandbox.url}/elsewhere`)).status).toBe(500);
    expect(await statuses('/Team')).toEqual([500]);
  });
});

describe('several faults', () => {
  it('make a schedule: the first one that has hits left comes first', async () => {
    halo.sandbox.fault('429:1', '503:2');
    halo.sandbox.fault('404');
    expect(await statuses(...five('/Team'))).toEqual([429, 503, 503, 404, 404]);
  });

  it('meet in one answer', async () => {
    halo.sandbox.fault('clock-ahead', 'content-type', '404:1');
    const [first, second] = [await halo.raw('/Team'), await halo.raw('/Team')];
    expect([first.status, second.status]).toEqual([404, 200]);
    expect(second.headers.get('content-type')).toBe('text/plain');
    const { at = 0 } = halo.sandbox.requests.at(-1) ?? {};
    expect(Date.parse(second.headers.get('date') ?? '') - at).toBeGreaterThan(3_500_000);
    const { requests } = halo.sandbox;
    expect(requests.map(({ faults, status }) => [status, faults])).toEqual([
      [200, undefined],
      [404, ['clock-ahead', 'content-type', '404']],
      [200, ['clock-ahead', 'content-type']],
    ]);
  });

  it('are told of a request that one of them changed', async () => {
    halo.sandbox.fault('filter-ignored', '500');
    expect(await statuses('/Client?client_id=12')).toEqual([500]);
    expect(halo.sandbox.requests.at(-1)).toMatchObject({ faults: ['filter-ignored', '500'], status: 500 });
    expect(halo.sandbox.requests.at(-1)?.query.get('client_id')).toBe('12');
  });

  it('go all at once', async () => {
    halo.sandbox.fault('429', '500');
    halo.sandbox.clearFaults();
    expect(await statuses('/Team')).toEqual([200]);
  });
});

describe('what never ends', () => {
  it.each(['slow-headers', 'stalled-body', 'slow-body', 'huge', 'gzip-bomb'] as const)(
    '%s ends with its client, and is noted',
    async (name) => {
      halo.sandbox.fault({ name, ms: name === 'slow-body' ? 5 : 60_000, bytes: 2 ** 34 });
      const { failed } = await look(halo, '/Team', undefined, 60);
      expect(failed).toMatch(/abort/i);
      const request = halo.sandbox.requests.at(-1);
      while (request?.brokenAt === undefined) await pause(5);
      expect(request.brokenAt).toBeGreaterThanOrEqual(request.at);
    },
  );

  it('holds up its own request and no other', async () => {
    halo.sandbox.fault('slow-headers:1');
    const ends: string[] = [];
    const slow = look(halo, '/Team', undefined, 5000).then(() => ends.push('slow'));
    while (halo.sandbox.requests.length === 0) await pause(5);
    expect((await halo.raw('/Team')).status).toBe(200);
    ends.push('other');
    await halo.sandbox.close();
    await slow;
    expect(ends).toEqual(['other', 'slow']);
  });

  it('keeps the sandbox from closing for no moment', async () => {
    const stuck = await startSandbox({ faults: ['slow-headers@all'] });
    const sent = fetch(stuck.url).then(
      () => 'answered',
      () => 'broken',
    );
    while (stuck.requests.length === 0) await pause(5);
    await stuck.close();
    expect(await sent).toBe('broken');
  });
});

describe('the control endpoint', () => {
  const control = (method: string, body?: unknown) =>
    fetch(`${halo.sandbox.url}/sandbox/faults`, {
      method,
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });

  it('takes a fault, a text, or a list; tells how often each has hit; clears all', async () => {
    expect(await (await control('POST', { name: '429-after', seconds: 3, times: 1 })).json()).toHaveLength(1);
    await control('POST', ['503:1', { name: '404', on: '/Team' }]);
    expect(await statuses('/Team', '/Team', '/Team', '/Client')).toEqual([429, 503, 404, 200]);
    expect(await (await control('GET')).json()).toEqual([
      { name: '429-after', seconds: 3, times: 1, hits: 1 },
      { name: '503', times: 1, hits: 1 },
      { name: '404', on: '/Team', hits: 1 },
    ]);
    expect(await (await control('DELETE')).json()).toEqual([]);
    expect(await statuses('/Team')).toEqual([200]);
  });

  it('refuses an unknown fault with a sentence, and takes nothing from that list', async () => {
    const reply = await control('POST', ['500', '5000']);
    expect(reply.status).toBe(400);
    expect(((await reply.json()) as { error: string }).error).toMatch(/^The sandbox has no fault "5000"\. There are: /);
    expect((await control('POST', '{')).status).toBe(400);
    expect((await control('PUT', '[]')).status).toBe(405);
    expect(await (await control('GET')).json()).toEqual([]);
  });

  it('is hit by no fault, and is in no log', async () => {
    halo.sandbox.fault('reset@all');
    expect((await control('GET')).status).toBe(200);
    expect(halo.sandbox.requests.map(({ path }) => path)).toEqual(['/auth/token']);
  });
});

describe('an unknown fault', () => {
  it.each<[unknown, RegExp]>([
    ['nonsense', /no fault "nonsense"\. There are: 301, /],
    ['', /no fault ""/],
    ['toString', /no fault "toString"/],
    ['500:0', /"times" of the fault 500 is a whole number from 1, not 0\./],
    ['500:x', /"times" of the fault 500 is a whole number from 1, not "x"\./],
    ['500@nowhere', /"on" of the fault 500 is "token", "api", "all" or a path such as \/Invoice, not "nowhere"\./],
    [{ name: '500', after: -1 }, /"after" of the fault 500 is a whole number from 0, not -1\./],
    [{ name: 'slow-body', ms: 'long' }, /"ms" of the fault slow-body is a whole number, not "long"\./],
    [{ name: '301-away', to: 'there' }, /"to" of the fault 301-away is an address, not "there"\./],
    [
      { name: 'filter-ignored', parameters: 'x' },
      /"parameters" of the fault filter-ignored is a list of names, not "x"\./,
    ],
    [
      { name: '500', time: 3 },
      /The fault 500 has no "time"\. It has: name, on, times, after, ms, bytes, seconds, to, parameters\./,
    ],
    [{}, /A fault is a text/],
    [null, /A fault is a text/],
    [500, /A fault is a text/],
  ])('an unknown fault, %j, is refused in a sentence', async (given, sentence) => {
    expect(() => halo.sandbox.fault(given as Fault)).toThrow(sentence);
    await expect(startSandbox({ faults: [given as Fault] })).rejects.toThrow(RangeError);
  });
});
