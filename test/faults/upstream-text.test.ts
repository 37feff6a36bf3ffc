import { describe, expect, test } from 'vitest';
import { textReader } from '../../core/halo/text.js';
import { clientOf, failure, fakeHalo, patient, type Reply } from '../core/halo/fake.js';
import { at, loadFirst, meet } from './upstream.js';

loadFirst();

const CAFE = '{"name": "Café – Ω"}';
const bytes = (body: Buffer, type?: string, status = 200): Reply => ({
  write: (response) => {
    response.writeHead(status, type === undefined ? {} : { 'content-type': type });
    response.end(body);
  },
});
const read = async (reply: Reply) => (await meet(at('api', () => reply))).get();
const utf16be = (text: string) => Buffer.from(text, 'utf16le').swap16();

describe('the letters of an answer', () => {
  test.each<[string, Buffer, string | undefined, string]>([
    ['UTF-8', Buffer.from(CAFE), 'application/json; charset=utf-8', 'Café – Ω'],
    ['UTF-8 in quotes and capitals', Buffer.from(CAFE), 'Application/JSON;charset="UTF-8"', 'Café – Ω'],
    ['UTF-8 where no encoding is named', Buffer.from(CAFE), 'application/json', 'Café – Ω'],
    ['UTF-8 where nothing is named', Buffer.from(CAFE), undefined, 'Café – Ω'],
    ['UTF-8 with a mark at its start', Buffer.from(`\uFEFF${CAFE}`), 'application/json', 'Café – Ω'],
    ['Latin-1', Buffer.from('{"name": "Café"}', 'latin1'), 'application/json; charset=iso-8859-1', 'Café'],
    ['Windows', Buffer.from('{"name": "Caf\xe9 \x80"}', 'latin1'), 'application/json; charset=windows-1252', 'Café €'],
    ['UTF-16', Buffer.from(CAFE, 'utf16le'), 'application/json; charset=utf-16', 'Café – Ω'],
    ['UTF-16 with a mark', Buffer.from(`\uFEFF${CAFE}`, 'utf16le'), 'application/json; charset=utf-16', 'Café – Ω'],
    ['UTF-16, the other end first', utf16be(`\uFEFF${CAFE}`), 'application/json; charset=utf-16', 'Café – Ω'],
    ['UTF-16BE', utf16be(CAFE), 'application/json; charset=utf-16be', 'Café – Ω'],
  ])('%s', async (_, body, type, name) => {
    expect(await read(bytes(body, type))).toMatchObject({ code: undefined, answer: { name } });
  });

  test.each(['', '\uFEFF'])('in whatever pieces they come, after "%s"', (mark) => {
    const text = '{"name": "Plain", "other": "\uFEFFCafé – 😀", "last": "\uFEFFplain"}';
    const whole = Buffer.from(mark + text);
    for (let first = 0; first <= whole.length; first += 1)
      for (let second = first; second <= whole.length; second += 1) {
        const reader = textReader({});
        for (const piece of [whole.subarray(0, first), whole.subarray(first, second), whole.subarray(second)])
          reader.add(piece);
        expect(reader.end()).toBe(text);
      }
  });

  test.each<[string, Buffer, string | undefined]>([
    ['Latin-1 that calls itself UTF-8', Buffer.from('{"name": "Café"}', 'latin1'), 'application/json; charset=utf-8'],
    ['Latin-1 that names nothing', Buffer.from('{"name": "Café"}', 'latin1'), 'application/json'],
    ['Latin-1 without a header', Buffer.from('{"name": "Café"}', 'latin1'), undefined],
    ['half a pair in UTF-16', Buffer.from('{"name": "\ud800"}', 'utf16le'), 'application/json; charset=utf-16le'],
    ['half a pair in UTF-8', Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]), 'application/json'],
    ['more bytes than a letter needs', Buffer.from([0x22, 0xc0, 0xaf, 0x22]), 'application/json'],
  ])('%s: an error, not a guess', async (_, body, type) => {
    const outcome = await read(bytes(body, type));
    expect(outcome).toMatchObject({ code: 'HALO_UNEXPECTED', calls: 1 });
    expect(outcome.line).toMatch(/it can't be decoded/);
  });

  test.each(['utf-7', 'klingon', 'utf-8, latin1', 'x'.repeat(100)])('an unknown encoding: %s', async (name) => {
    const outcome = await read(bytes(Buffer.from('{}'), `application/json; charset="${name}"`));
    expect(outcome).toMatchObject({ code: 'HALO_NOT_JSON', calls: 1 });
    expect(outcome.line).toContain('an encoding that is not known');
  });

  test('one that ends within a letter was cut off, and is asked for again', async () => {
    const { get } = await meet(
      at('api', (count) => bytes(Buffer.from('{"a": "é"}').subarray(0, count === 1 ? 8 : 11))),
    );
    expect(await get()).toMatchObject({ code: undefined, calls: 2, answer: { a: 'é' } });
  });

  test('an error in any encoding is reported by its status', async () => {
    expect(await read(bytes(Buffer.from('Café', 'latin1'), 'text/plain; charset=klingon', 404))).toMatchObject({
      code: 'HALO_NOT_FOUND',
    });
  });

  test("the log-in server's, too", async () => {
    const { get } = await meet(
      at('token', () => bytes(Buffer.from('{"access_token": "é"}', 'latin1'), 'application/json')),
    );
    expect(await get()).toMatchObject({ code: 'HALO_UNEXPECTED', tokens: 1, calls: 0 });
  });
});

describe('the type of an answer', () => {
  const typed = (type: string): Reply => ({ headers: { 'content-type': type }, body: '{"id": 1}' });

  test.each([
    'application/json',
    'APPLICATION/JSON ; Charset=UTF-8',
    'text/json',
    'application/vnd.halo.v2+json',
    'application/hal+json;profile="a;b"',
  ])('an answer of the type %s is read as data', async (type) => {
    expect((await read(typed(type))).answer).toEqual({ id: 1 });
  });

  test.each([
    'text/x-notjson',
    'application/jsonp',
    'application/json5',
    'application/x-json',
    'application/json-seq',
    'application/x-ndjson',
    'text/plain; note=json',
    'text/plain; charset="json"',
    'image/svg+xml; x=json',
    'text/vnd.a+json',
    'application/+json',
    'multipart/mixed; boundary=json',
    'json',
    'application/json, text/html',
    '/json',
  ])('%s is not data', async (type) => {
    expect(await read(typed(type))).toMatchObject({ code: 'HALO_NOT_JSON', calls: 1 });
  });

  test.each(['application/problem+json', 'application/problem+json; charset=utf-8'])('%s is an error', async (type) => {
    const outcome = await read(typed(type));
    expect(outcome).toMatchObject({ code: 'HALO_UNEXPECTED', calls: 1 });
    expect(outcome.line).toContain('an error in place of data');
  });

  test.each(['text/html', 'application/xhtml+xml; charset=utf-8'])('%s is a web page', async (type) => {
    expect((await read(typed(type))).line).toContain('a web page in place of data');
  });
});

describe('a write', () => {
  const write = async (reply: Reply) => {
    const halo = await fakeHalo({ api: () => reply });
    return clientOf(halo.url).post('/Tickets', [{ summary: 'x' }], patient());
  };

  test.each([200, 201])('%i brings what was made', async (status) => {
    expect(await write({ status, body: [{ id: 5 }] })).toEqual({ id: 5 });
  });

  test('a write that Halo answers with 204 brings no record', async () => {
    expect(await write({ status: 204 })).toBeNull();
  });

  test.each([202, 203, 205, 206, 207])('%i is not one of its answers', async (status) => {
    expect((await failure(write({ status, body: { id: 5 } }))).line).toContain(`HTTP ${status}`);
  });
});
