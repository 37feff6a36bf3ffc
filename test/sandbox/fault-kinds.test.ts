import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { writes } from '../../sandbox/faults/writes.js';
import { FAULTS, type Fault, type FaultName } from '../../sandbox/faults.js';
import { type Connection, connect, type Row } from './connect.js';
import { look, type Seen, text } from './wire.js';

let halo: Connection;
beforeEach(async () => {
  halo = await connect();
});
afterEach(() => halo.sandbox.close());

const LIST = '/Client?pageinate=true&page_no=2&page_size=3&toplevel_id=1';
const HOUR_S = 3600;
const JSON_TYPE = 'application/json; charset=utf-8';

const body = (seen: Seen) => JSON.parse(text(seen)) as Row;
const rows = (seen: Seen) => body(seen).clients as Row[];
const names = (seen: Seen) => rows(seen).map((row) => row.name);
const dateOf = ({ headers }: Seen) => Date.parse(headers.date ?? '') / 1000;
/** Minutes from the time when the sandbox got the request. */
const ahead = (seen: Seen) => Math.round((dateOf(seen) - (halo.sandbox.requests.at(-1)?.at ?? 0) / 1000) / 60);
const retryDate = ({ headers }: Seen) => Date.parse(headers['retry-after'] ?? '') / 1000;

type Check = (seen: Seen, honest: Seen) => void;
const answers =
  (status: number, content = '', headers: Record<string, unknown> = {}): Check =>
  (seen) => {
    expect(seen).toMatchObject({ status, headers });
    expect(text(seen)).toContain(content);
    if (content === '') expect(text(seen)).toBe('');
  };
const LIMIT = 'Rate Limit Reached';
const limited =
  (check: (seen: Seen) => void): Check =>
  (seen, honest) => {
    answers(429, LIMIT)(seen, honest);
    check(seen);
  };
const redirects =
  (status: number, host: string): Check =>
  (seen) => {
    expect(seen.status).toBe(status);
    expect(new URL(seen.headers.location ?? '')).toMatchObject({ hostname: host, pathname: '/elsewhere' });
  };
const expiresIn =
  (value: unknown): Check =>
  (seen) => {
    expect(seen.status).toBe(200);
    expect(body(seen).access_token).toEqual(expect.any(String));
    expect(body(seen).expires_in).toEqual(value);
  };
/** The answer has the rows that an honest Halo has on page `other`. */
const page =
  (other: number): Check =>
  (seen) => {
    expect(seen.status).toBe(200);
    expect(names(seen)).toEqual(pages[other - 1]);
  };
const pages: unknown[][] = [];
const whole: Check = (seen, honest) => expect(text(seen)).toBe(text(honest));

/** Each fault of reads by name, with its row in the fault matrix and what a client sees. */
const CASES: Record<
  Exclude<FaultName, `${keyof typeof writes}`>,
  readonly [row: string, check: Check, more?: Partial<Fault>]
> = {
  400: ['F01', answers(400, '"Parameter client_id must be included"', { 'content-type': JSON_TYPE })],
  401: ['F02', answers(401)],
  403: ['F03', answers(403)],
  404: ['F04', answers(404)],
  407: ['F34', answers(407, '<html>', { 'proxy-authenticate': 'Basic realm="proxy"' })],
  409: ['F05', answers(409, '"Message":"The record was changed')],
  429: ['F08', limited(({ headers }) => expect(headers).not.toHaveProperty('retry-after'))],
  '429-after': ['F06', limited(({ headers }) => expect(headers['retry-after']).toBe('7'))],
  '429-date': [
    'F07',
    limited((seen) => {
      expect(retryDate(seen) - dateOf(seen)).toBe(7);
      expect(ahead(seen)).toBeCloseTo(0);
    }),
  ],
  '429-skewed': [
    'F07',
    limited((seen) => {
      expect(retryDate(seen) - dateOf(seen)).toBe(30);
      expect(ahead(seen)).toBe(60);
    }),
    { seconds: 30 },
  ],
  '429-past': ['F07', limited((seen) => expect(dateOf(seen) - retryDate(seen)).toBeCloseTo(HOUR_S, -1))],
  '429-garbage': ['F07', limited(({ headers }) => expect(headers['retry-after']).toBe('a while'))],
  500: ['F09', answers(500)],
  502: ['F10', answers(502, '<html>', { 'content-type': 'text/html' })],
  503: ['F10', answers(503, '<html>')],
  '503-after': ['F10', answers(503, '<html>', { 'retry-after': '2' }), { seconds: 2 }],
  504: ['F11', answers(504, '<html>')],
  301: ['F16', redirects(301, '127.0.0.1')],
  302: ['F16', redirects(302, '127.0.0.1')],
  303: ['F16', redirects(303, '127.0.0.1')],
  307: ['F16', redirects(307, '127.0.0.1')],
  308: ['F16', redirects(308, '127.0.0.1')],
  '301-away': ['F16', redirects(301, 'localhost')],
  '302-away': ['F16', redirects(302, 'localhost')],
  '303-away': ['F16', redirects(303, 'localhost')],
  '307-away': ['F16', redirects(307, 'localhost')],
  '308-away': ['F16', redirects(308, 'elsewhere.example'), { to: 'https://elsewhere.example' }],
  html: ['F12', answers(200, '<!doctype html>', { 'content-type': 'text/html' })],
  text: ['F14', answers(200, 'OK', { 'content-type': 'text/plain' })],
  'content-type': [
    'F14',
    (seen, honest) => {
      expect(seen.headers['content-type']).toBe('text/plain');
      whole(seen, honest);
    },
  ],
  empty: ['F13', answers(200)],
  'cut-json': [
    'F13',
    (seen, honest) => {
      expect(seen.headers['content-length']).toBe(String(seen.body.length));
      expect(text(honest).startsWith(text(seen))).toBe(true);
      expect(() => body(seen)).toThrow(SyntaxError);
    },
  ],
  'load-error': [
    'F15',
    (seen, honest) =>
      expect(body(seen)).toEqual({
        ...body(honest),
        report: { loaded: false, load_error: expect.any(String), rows: [] },
      }),
  ],
  'deep-json': [
    'F32',
    (seen) => {
      expect(text(seen)).toContain('['.repeat(100_000));
      expect(text(seen)).toContain('"clients":[{"id":');
    },
  ],
  'duplicate-keys': [
    'F32',
    (seen, honest) => {
      expect(text(seen).match(/"id":1,"id":/g)).toHaveLength(3);
      expect(body(seen)).toEqual(body(honest));
    },
  ],
  'proto-keys': [
    'F32',
    (seen) => {
      for (const row of [body(seen), ...rows(seen)]) {
        expect(Object.keys(row)).toEqual(expect.arrayContaining(['__proto__', 'constructor']));
      }
    },
  ],
  'big-ids': [
    'F32',
    (seen, honest) => {
      const ids = [...text(seen).matchAll(/"id":(-?\d+)/g)].map(([, id]) => BigInt(id ?? 0));
      expect(ids).toEqual(rows(honest).map(({ id }) => 2n ** 53n + 1n + 2n * BigInt(Number(id))));
      expect(rows(seen).every(({ id }) => !Number.isSafeInteger(id))).toBe(true);
    },
  ],
  nan: [
    'F32',
    (seen) => {
      expect(text(seen)).toMatch(/":NaN[,}]/);
      expect(() => body(seen)).toThrow(SyntaxError);
    },
  ],
  huge: [
    'F23',
    (seen) => {
      expect(seen.headers).not.toHaveProperty('content-length');
      expect(seen.body).toHaveLength(100_000);
      expect(Object.keys(body(seen))).toEqual(['padding']);
    },
    { bytes: 100_000 },
  ],
  'gzip-bomb': [
    'F24',
    (seen) => {
      expect(seen.headers['content-encoding']).toBe('gzip');
      expect(seen.body.length).toBeLessThan(10_000);
      expect(JSON.parse(gunzipSync(seen.body).toString())).toEqual({ padding: expect.stringMatching(/^0+$/) });
      expect(gunzipSync(seen.body)).toHaveLength(2 ** 20);
    },
    { bytes: 2 ** 20 },
  ],
  'br-bomb': [
    'F24',
    (seen) => {
      expect(seen.headers['content-encoding']).toBe('br');
      expect(seen.body.length).toBeLessThan(10_000);
      expect(brotliDecompressSync(seen.body)).toHaveLength(2 ** 20);
    },
    { bytes: 2 ** 20 },
  ],
  'double-gzip': [
    'F24',
    (seen, honest) => {
      expect(seen.headers['content-encoding']).toBe('gzip, gzip');
      expect(gunzipSync(gunzipSync(seen.body)).toString()).toBe(text(honest));
    },
  ],
  'false-gzip': [
    'F24',
    (seen, honest) => {
      expect(seen.headers['content-encoding']).toBe('gzip');
      whole(seen, honest);
    },
  ],
  reset: ['F17', (seen) => expect(seen).toMatchObject({ status: 0, failed: 'ECONNRESET' })],
  'reset-body': [
    'F18',
    (seen, honest) => {
      expect(seen).toMatchObject({ status: 200, failed: 'ECONNRESET' });
      expect(seen.headers['content-length']).toBe(String(honest.body.length));
      expect(seen.body).toEqual(honest.body.subarray(0, seen.body.length));
      expect(seen.body).toHaveLength(Math.floor(honest.body.length / 2));
    },
  ],
  'slow-headers': ['F21', whole, { ms: 100 }],
  'slow-body': [
    'F22',
    (seen) => {
      expect(seen).toMatchObject({ status: 200, failed: expect.stringMatching(/abort/i) });
      expect(seen.body.length).toBeGreaterThan(1);
      expect(seen.body.length).toBeLessThan(50);
    },
    { ms: 10 },
  ],
  'stalled-body': [
    'F22',
    (seen, honest) => {
      expect(seen).toMatchObject({ status: 200, failed: expect.stringMatching(/abort/i) });
      expect(seen.body).toHaveLength(Math.floor(honest.body.length / 2));
    },
  ],
  'big-headers': ['F25', (seen) => expect(seen).toMatchObject({ status: 0, failed: 'HPE_HEADER_OVERFLOW' })],
  'control-headers': ['F25', (seen) => expect(seen).toMatchObject({ status: 0, failed: 'HPE_INVALID_HEADER_TOKEN' })],
  'clock-ahead': [
    'F27',
    (seen, honest) => {
      expect(ahead(seen)).toBe(60);
      whole(seen, honest);
    },
  ],
  'clock-behind': [
    'F27',
    (seen, honest) => {
      expect(ahead(seen)).toBe(-60);
      whole(seen, honest);
    },
  ],
  'token-revoked': ['F26', answers(401)],
  'expires-missing': ['F27', expiresIn(undefined)],
  'expires-zero': ['F27', expiresIn(0)],
  'expires-negative': ['F27', expiresIn(-60)],
  'expires-huge': ['F27', expiresIn(1e12)],
  'expires-text': ['F27', expiresIn('soon')],
  'scope-reduced': ['F29', (seen) => expect(body(seen)).toMatchObject({ scope: 'read:tickets' })],
  'scope-refused': ['F29', answers(400, '"error":"invalid_scope"')],
  'paging-ignored': ['F31', page(1)],
  'page-repeated': ['F31', page(1)],
  'page-skipped': ['F31', page(3)],
  'filter-ignored': ['T04', (seen) => expect(body(seen).record_count).toBe(15)],
};

describe('a client sees', () => {
  beforeAll(async () => {
    const twin = await connect();
    for (const no of [1, 2, 3]) pages.push(names(await look(twin, LIST.replace('page_no=2', `page_no=${no}`))));
    await twin.sandbox.close();
  });

  it.each(Object.entries(CASES).map(([name, [row]]) => [row, name as keyof typeof CASES] as const))(
    '%s %s',
    async (_, name) => {
      const [, check, more] = CASES[name];
      const { clientId, clientSecret } = halo.sandbox;
      const client = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret };
      const form = new URLSearchParams({ ...client, scope: 'read:tickets read:customers' }).toString();
      const see = () =>
        FAULTS[name].on === 'token'
          ? look(halo, '', form)
          : look(halo, name === 'load-error' ? '/Report/147?loadreport=true' : LIST, undefined, 400);
      const honest = await see();
      halo.sandbox.fault({ name, ...more });
      check(await see(), honest);
      expect(halo.sandbox.requests.at(-1)?.faults).toEqual([name]);
      halo.sandbox.clearFaults();
      if (name === 'token-revoked') expect((await look(halo, LIST)).status).toBe(401);
      else expect((await see()).status).toBe(200);
    },
  );
});

describe('at the token endpoint', () => {
  it.each([
    [400, 'invalid_request'],
    [401, 'invalid_client'],
  ] as const)('%s is told in the words of OAuth', async (status, error) => {
    halo.sandbox.fault(`${status}@token`);
    const reply = await halo.ask({});
    expect([reply.status, ((await reply.json()) as Row).error]).toEqual([status, error]);
  });

  it('a reduced scope is a token that opens less', async () => {
    const reduced = await connect({ faults: ['scope-reduced'] }, 'read:tickets read:customers');
    expect((await reduced.raw('/Tickets?count=1')).status).toBe(200);
    expect((await reduced.raw('/Client?count=1')).status).toBe(403);
    await reduced.sandbox.close();
  });
});

it('a filter can be ignored alone', async () => {
  halo.sandbox.fault({ name: 'filter-ignored', parameters: ['search'] });
  expect(await halo.get('/Client?search=contoso&client_id=12')).toEqual(await halo.get('/Client?client_id=12'));
});
