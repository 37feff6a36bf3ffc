import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { clientOf, failure, fakeHalo, patient, type Reply, SECRET } from '../core/halo/fake.js';
import { at, html, loadFirst, meet } from './upstream.js';

loadFirst();

const MIB = 2 ** 20;
const json = (body: string, headers: Record<string, string> = {}): Reply => ({ headers, body });
/** Raw bytes, with a content encoding. */
const packed = (body: Buffer, encoding: string): Reply => ({
  write: (response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': encoding });
    response.end(body);
  },
});
const endsEarly = (end: 'end' | 'resetAndDestroy', headers: Record<string, string>): Reply => ({
  write: (response) => {
    response.writeHead(200, { 'content-type': 'application/json', ...headers });
    response.write('{"id": 1, ', () => setImmediate(() => setImmediate(() => response.socket?.[end]())));
  },
});

describe.each(['token', 'api'] as const)('an invalid answer of the %s', (server) => {
  test.each<[string, Reply, string, number]>([
    ['F12 200 with a web page', html, 'HALO_NOT_JSON', 1],
    ['F12 a web page that calls itself JSON', json(`<!doctype html>${SECRET}`), 'HALO_NOT_JSON', 1],
    ['F13 truncated JSON', json('{"tickets": [{"id": 1}, {"id"'), 'HALO_CUT_OFF', 3],
    ['F13 an empty 200', {}, 'HALO_CUT_OFF', 3],
    ['F13 a body shorter than it says', endsEarly('end', { 'content-length': '1000' }), 'HALO_CUT_OFF', 3],
    ['F14 another content type', json('id;name', { 'content-type': 'text/csv' }), 'HALO_NOT_JSON', 1],
    ['F14 another content type around JSON', json('{"id": 1}', { 'content-type': 'text/plain' }), 'HALO_NOT_JSON', 1],
    ['F18 a reset in the body', endsEarly('resetAndDestroy', { 'content-length': '1000' }), 'HALO_CUT_OFF', 3],
    ['F18 a reset in a body of chunks', endsEarly('resetAndDestroy', {}), 'HALO_CUT_OFF', 3],
    ['F23 a body beyond the cap', json(`"${'x'.repeat(9 * MIB)}"`), 'HALO_TOO_LARGE', 1],
    ['F24 compressed twice', packed(gzipSync(gzipSync('{}')), 'gzip, gzip'), 'HALO_NOT_JSON', 1],
    ['F24 compressed in an unknown way', packed(Buffer.from('{}'), 'compress'), 'HALO_NOT_JSON', 1],
    ['F32 NaN', json('{"id": NaN}'), 'HALO_CUT_OFF', 3],
    ['F32 nested 100,000 deep', json(`${'['.repeat(100_000)}${']'.repeat(100_000)}`), 'HALO_UNEXPECTED', 1],
  ])('%s', async (_, reply, code, sent) => {
    const { get } = await meet(at(server, () => reply));
    const outcome = await get();
    // The cap of a token answer is smaller.
    const expected = server === 'token' && outcome.line.includes('64 KiB') ? 'HALO_TOO_LARGE' : code;
    expect(outcome).toMatchObject({ code: expected, [server === 'token' ? 'tokens' : 'calls']: sent });
    expect(outcome.seconds).toBeLessThan(0.4);
  });
});

/** Not on a stopped clock: compressed data is read on another thread, which takes real time. */
test.each<[string, Buffer]>([
  ['F13 compressed and cut', gzipSync('{"id": 1}'.padEnd(500)).subarray(0, 20)],
  ['F24 not compressed as declared', Buffer.from('{"id": 1}')],
])('%s', async (_, body) => {
  const halo = await fakeHalo({ api: () => packed(body, 'gzip') });
  expect((await failure(clientOf(halo.url).get('/Tickets', {}, patient()))).code).toBe('HALO_CUT_OFF');
  expect(halo.calls()).toHaveLength(3);
});

describe('F12 what it says', () => {
  test('a wrong address or a log-in page in front of it', async () => {
    const { get } = await meet(at('api', () => html));
    expect((await get()).line).toBe(
      'HALO_NOT_JSON: Halo answered with a web page in place of data. ' +
        'Check HALO_INSTANCE_URL: a log-in page or a proxy answered in place of the API.',
    );
  });
});

describe('F13 never part of the rows', () => {
  test('a list that is cut is an error, and what comes after it is whole', async () => {
    const whole = JSON.stringify({ record_count: 2, tickets: [{ id: 1 }, { id: 2 }] });
    const { use } = await meet(at('api', (count) => json(count === 1 ? whole.slice(0, -12) : whole)));
    const { answer, calls } = await use((halo) => halo.list('/Tickets', { key: 'tickets' }));
    expect([calls, answer]).toEqual([2, expect.objectContaining({ rows: [{ id: 1 }, { id: 2 }] })]);
  });
});

describe('F15 200 with an error inside', () => {
  const run = async (report: object, query = {}) => {
    const { use } = await meet(at('api', () => ({ body: { id: 147, report } })));
    return use((halo) => halo.get('/Report/147', { loadreport: true, ...query }));
  };

  test("Halo's text is told, cleaned, and the rows are not", async () => {
    const said = `Invalid\u202E object\n "name" 'faultz'.${' and so on'.repeat(60)}`;
    const { code, line, calls } = await run({ loaded: false, load_error: said, rows: [{ Client: 'Contoso' }] });
    expect([code, calls]).toEqual(['HALO_REPORT_FAILED', 1]);
    expect(line).toMatch(
      /^HALO_REPORT_FAILED: Halo could not run the report; it says why\. Correct the report.*\nInvalid object/,
    );
    expect(line).not.toContain('Contoso');
    expect(line.length).toBeLessThan(450);
  });

  test.each<[string, object, string | undefined]>([
    ['not loaded, without a reason', { loaded: false, rows: [] }, 'HALO_REPORT_FAILED'],
    ['loaded, with a reason', { loaded: true, load_error: 'Timeout expired.', rows: [] }, 'HALO_REPORT_FAILED'],
    ['loaded', { loaded: true, load_error: '', rows: [{ Open: 14 }] }, undefined],
  ])('%s', async (_, report, code) => {
    expect((await run(report)).code).toBe(code);
  });

  test('a report that was not run is not loaded, which is not a fault', async () => {
    expect((await run({ loaded: false, load_error: '', rows: [] }, { loadreport: false })).code).toBeUndefined();
  });
});

describe('F23 and F24: whatever comes, memory stays flat and nothing is asked for again', () => {
  /** The most that memory grew during a read. */
  async function growth(read: Promise<unknown>): Promise<number> {
    const now = () => {
      const { heapUsed, external } = process.memoryUsage();
      return heapUsed + external;
    };
    const start = now();
    let most = start;
    const watch = setInterval(() => {
      most = Math.max(most, now());
    }, 2);
    await read;
    clearInterval(watch);
    return Math.max(most, now()) - start;
  }

  const endless: Reply = {
    write: (response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const chunk = Buffer.alloc(MIB, 32);
      const more = () => {
        if (!response.destroyed) response.write(chunk, more);
      };
      more();
    },
  };
  const blank = Buffer.alloc(64 * MIB, 32);
  /** Nearly 8 MiB of repeated pieces. */
  const filled = (piece: (n: number) => string) => {
    const pieces: string[] = [];
    for (let length = 0; length < 7.9 * MIB; length += 1 + (pieces.at(-1)?.length ?? 0))
      pieces.push(piece(pieces.length));
    return pieces.join();
  };

  test.each<[string, Reply]>([
    ['F23 a body that never ends', endless],
    ['F23 8 MiB of empty lists', { body: `[${'[],'.repeat(2.7e6)}[]]` }],
    ['F23 8 MiB of different keys', { body: `{${filled((n) => `"k${n}":1`)}}` }],
    [
      'F23 8 MiB of different keys in many objects',
      { body: `[${filled((n) => `{"a${n}":1,"b${n}":1,"c${n}":"x"}`)}]` },
    ],
    ['F23 8 MiB of short texts', { body: `[${filled((n) => `"${n.toString(36)}"`)}]` }],
    ['F23 8 MiB of numbers', { body: `[${filled(() => '1')}]` }],
    ['F24 64 MiB in some KiB of gzip', packed(gzipSync(blank), 'gzip')],
    ['F24 64 MiB in some bytes of brotli', packed(brotliCompressSync(blank), 'br')],
    ['F24 64 MiB in some KiB of deflate', packed(deflateSync(blank), 'deflate')],
  ])('%s', async (_, reply) => {
    const halo = await fakeHalo({ api: () => reply });
    const read = failure(clientOf(halo.url).get('/Tickets', {}, patient(20_000)));
    expect(await growth(read)).toBeLessThan(64 * MIB);
    expect((await read).line).toMatch(
      /HALO_TOO_LARGE: Halo's answer (is larger than 8 MiB|holds too many (parts|values|different fields)) and was/,
    );
    expect(halo.calls()).toHaveLength(1);
  });

  test('F23 up to the cap it is read, plain or compressed, characters on the edge of two chunks are whole', async () => {
    const text = JSON.stringify({ text: '€'.repeat(700_000) });
    for (const reply of [json(text), packed(gzipSync(text), 'gzip'), packed(brotliCompressSync(text), 'br')]) {
      const halo = await fakeHalo({ api: () => reply });
      const body = (await clientOf(halo.url).get('/Tickets', {}, patient())) as { text: string };
      expect(body.text === '€'.repeat(700_000)).toBe(true);
    }
    const full = await fakeHalo({ api: () => json(`"${'x'.repeat(8 * MIB - 2)}"`) });
    await expect(clientOf(full.url).get('/Tickets', {}, patient())).resolves.toHaveLength(8 * MIB - 2);
  });
});

describe.each(['token', 'api'] as const)('F25 invalid headers of the %s', (server) => {
  const raw = (...lines: string[]): Reply => ({
    write: (response) => {
      response.socket?.end(`HTTP/1.1 200 OK\r\n${lines.join('\r\n')}\r\ncontent-type: application/json\r\n\r\n{}`);
    },
  });

  test.each<[string, Reply]>([
    ['more than 16 KiB', raw(...Array.from({ length: 40 }, (_, n) => `x-${n}: ${'y'.repeat(500)}`))],
    ['one of 20 KiB', raw(`x: ${'y'.repeat(20_000)}`)],
    ['control characters', raw('x-a: \x00\x07')],
    ['no HTTP at all', { write: (response) => response.socket?.end('SSH-2.0-OpenSSH_9.6\r\n') }],
  ])('%s', async (_, reply) => {
    const { get } = await meet(at(server, () => reply));
    const { code, line, ...cost } = await get();
    expect(code).toBe('HALO_UNEXPECTED');
    expect(line).toMatch(/sent a malformed answer \(HPE_\w+\)\. Check HALO_INSTANCE_URL/);
    expect(server === 'token' ? cost.tokens : cost.calls).toBe(1);
  });
});

describe('F32 JSON that is odd', () => {
  const read = async (body: string) => (await meet(at('api', () => json(body)))).get();

  test('__proto__ as a key is left out at every level and pollutes nothing', async () => {
    const { answer } = await read(
      '\uFEFF{"id": 1, "__proto__": {"x": 1}, "rows": [{"\\u005f_proto__": {"x": 1}, "id": 2}]}',
    );
    expect(answer).toEqual({ id: 1, rows: [{ id: 2 }] });
    expect(Object.assign({}, answer)).not.toHaveProperty('x');
    expect(({} as { x?: number }).x).toBeUndefined();
  });

  test('of keys that come twice the last one counts', async () => {
    expect((await read('{"id": 1, "id": 2}')).answer).toEqual({ id: 2 });
  });

  test.each([
    ['an id', '{"tickets": [{"id": 9007199254740993}]}', 'id'],
    ['the id of another record', '{"id": 1, "client_id": 9007199254740992}', 'client_id'],
    ['a negative one', '{"id": -9007199254740993}', 'id'],
    ['half an id', '{"id": 12.5}', 'id'],
    ['one beyond all numbers', '{"id": 1e999}', 'id'],
  ])('%s that is not a safe integer is an error, never a rounded number', async (_, body, field) => {
    expect(await read(body)).toMatchObject({
      code: 'HALO_UNEXPECTED',
      line: expect.stringContaining(`an id that is too large to be exact (${field})`),
      calls: 1,
    });
  });

  test.each([
    [
      'a row',
      '{"tickets": [{"id": 1, "site_id": 12.5}, {"id": 2}]}',
      { tickets: [{ id: 1, site_id: 'not exact' }, { id: 2 }] },
    ],
    ['a row of a bare list', '[{"id": 1, "site_id": 9007199254740993}]', [{ id: 1, site_id: 'not exact' }]],
    [
      'what stands in a row',
      '{"rows": [{"id": 1, "f": [{"id": 1e30}]}]}',
      { rows: [{ id: 1, f: [{ id: 'not exact' }] }] },
    ],
    [
      'what stands in a record',
      '{"id": 1, "customfields": [{"id": 0.5}]}',
      { id: 1, customfields: [{ id: 'not exact' }] },
    ],
  ])('one that %s names, and that may be in no answer, can not be read', async (_, body, read_) =>
    expect((await read(body)).answer).toEqual(read_),
  );

  test('the largest id that is exact, ids as text and large amounts stay as they are', async () => {
    const body = { id: Number.MAX_SAFE_INTEGER, guid_id: '9007199254740993', total: 1e20, client_id: 12 };
    expect((await read(JSON.stringify(body))).answer).toEqual(body);
  });

  test.each([
    ['brackets', '['.repeat(300_000)],
    ['braces', '{"a":'.repeat(200_000)],
    ['commas and colons', ',:'.repeat(900_000)],
    ['quotes', '"{'.repeat(300_000)],
    ['backslashes', '\\'.repeat(300_001)],
    ['backslashes before quotes', '\\\\"['.repeat(99_999)],
    ['letters', 'x'.repeat(7_000_000)],
  ])('a text of nothing but %s does not cost the page that it is on', async (_, details) => {
    expect((await read(JSON.stringify({ tickets: [{ id: 1, details }, { id: 2 }] }))).answer).toEqual({
      tickets: [{ id: 1, details }, { id: 2 }],
    });
  });

  test('a name may be as odd as it likes', async () => {
    const body = { 'a"b\\': 1, 'paid": 1.5': [{ '': {} }], '{[': null };
    expect((await read(JSON.stringify(body, null, 2))).answer).toEqual(body);
  });

  test.each([
    ['{"tickets": [{"\\u0069d": 9007199254740993}]}', 'id'],
    ['{"client\\u005fid": 12.5}', 'client_id'],
    [`{"id"${' '.repeat(50)}:${'\n'.repeat(50)}9007199254740993}`, 'id'],
    ['{"id": 1e-3}', 'id'],
    ['{"id": -0.5}', 'id'],
  ])('an id that is not exact is found however it is written: %s', async (body, field) => {
    expect((await read(body)).line).toContain(`an id that is too large to be exact (${field})`);
  });

  test('64 levels are read, one more is not', async () => {
    const nested = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;
    expect((await read(nested(64))).code).toBeUndefined();
    expect(await read(nested(65))).toMatchObject({ code: 'HALO_UNEXPECTED', calls: 1 });
  });
});
