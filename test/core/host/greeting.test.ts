/** What the opening of a connection answers by itself, held against the protocol's library. */
import {
  type JSONRPCMessage,
  type JSONRPCRequest,
  SUPPORTED_PROTOCOL_VERSIONS,
} from '@modelcontextprotocol/sdk/types.js';
import { beforeAll, describe, expect, test } from 'vitest';
import { identity, self } from '../../../cli/identity.js';
import { bundled } from '../../../cli/packs.js';
import { settingsFrom } from '../../../config/index.js';
import { type Answers, answersOf } from '../../../core/host/handlers/answers.js';
import { type Greet, greeter, REVISIONS } from '../../../core/host/stdio/greeting.js';
import { openOlder } from '../../../core/host/stdio/older.js';
import { Opening, type Take, type Wire } from '../../../core/host/stdio/opening.js';
import { Redactor } from '../../../core/output/redact.js';
import { startOne } from '../../one.js';

const told: string[] = [];
const log = { debug() {}, info() {}, warn() {}, error: (_: object, line: string) => void told.push(line) };

let answers: Answers;
let greet: Greet;
beforeAll(async () => {
  const redactor = new Redactor();
  const session = await startOne(settingsFrom(), { log, redactor, bundled, self });
  answers = answersOf(Promise.resolve(session), { log, redactor });
  greet = greeter(answers, identity, 'words');
});

/** A wire, and what is sent on it. */
function wireOf() {
  const sent: JSONRPCMessage[] = [];
  const wire: Wire = {
    start: async () => undefined,
    send: async (message) => void sent.push(message),
    close: async () => undefined,
  };
  return { wire, sent, take: (message: object) => wire.onmessage?.(message as never) };
}

/** What the library answers to a request that is a connection's first. */
async function library(request: JSONRPCRequest): Promise<JSONRPCMessage | undefined> {
  const { wire, sent } = wireOf();
  const take = await openOlder({ answers, instructions: 'words', identity }, wire, undefined);
  take(request);
  await expect.poll(() => sent, { interval: 1 }).toHaveLength(1);
  return sent[0];
}

const plain = {
  protocolVersion: '2025-06-18',
  capabilities: { roots: { listChanged: true }, elicitation: {}, sampling: {}, experimental: { a: {} } },
  clientInfo: { name: 'test', title: 'Test', version: '1' },
};

const VALUES = [
  ...[{}, { a: {} }, { a: 1 }, { listChanged: true }, { listChanged: 1 }, { form: {}, url: {} }, { form: true }],
  ...[{ form: { applyDefaults: true } }, { form: { applyDefaults: 1 } }, { url: 1 }, { tools: {} }, { tools: 1 }],
  ...[{ list: {} }, { list: 1 }, true, null, 0, 1.5, '', 'x', [], [{}]],
];
const CAPABILITIES = ['roots', 'sampling', 'elicitation', 'experimental', 'extensions', 'tasks', 'other', '__proto__'];
const METAS = [{}, { progressToken: 1 }, { progressToken: 'a' }, { progressToken: 1.5 }, { a: 1 }, null, 'x', []];
const LISTS = ['tools/list', 'prompts/list', 'resources/list', 'resources/templates/list', 'ping'];

/** Handshakes that each differ from a plain one in one member, and lists with params of all kinds. */
const REQUESTS: { method: string; params?: unknown }[] = [
  ...[
    plain,
    ...CAPABILITIES.flatMap((name) => VALUES.map((value) => ({ ...plain, capabilities: { [name]: value } }))),
    ...VALUES.flatMap((value) =>
      ['capabilities', 'clientInfo', 'protocolVersion', 'task', 'other'].map((name) => ({ ...plain, [name]: value })),
    ),
    ...VALUES.flatMap((value) =>
      ['name', 'version', 'title', 'websiteUrl', 'icons', 'other'].map((name) => ({
        ...plain,
        clientInfo: { ...plain.clientInfo, [name]: value },
      })),
    ),
    ...[...SUPPORTED_PROTOCOL_VERSIONS, '1999-01-01'].map((protocolVersion) => ({ ...plain, protocolVersion })),
    ...['protocolVersion', 'capabilities', 'clientInfo'].map((name) => ({ ...plain, [name]: undefined })),
    { ...plain, clientInfo: { name: 'a' } },
    ...METAS.map((meta) => ({ ...plain, _meta: meta })),
    ...[[], 'x', null, undefined],
  ].map((params) => ({ method: 'initialize', params })),
  ...LISTS.flatMap((method) =>
    [undefined, {}, [], 'x', null, { cursor: 'a' }, { cursor: 1 }, ...METAS.map((meta) => ({ _meta: meta }))].map(
      (params) => ({ method, params }),
    ),
  ),
  { method: 'tools/call', params: {} },
  { method: 'unknown' },
];

describe('without the library', () => {
  test('the revisions are those that it supports', () => {
    expect(REVISIONS).toEqual(SUPPORTED_PROTOCOL_VERSIONS);
  });

  test('whatever is answered is what it would have answered', async () => {
    let greeted = 0;
    for (const { method, params } of REQUESTS) {
      const request = JSON.parse(JSON.stringify({ jsonrpc: '2.0', id: 'a', method, params })) as JSONRPCRequest;
      const answer = greet(request);
      if (answer === undefined) continue;
      greeted += 1;
      expect(await library(request), JSON.stringify(request)).toEqual({
        ...{ jsonrpc: '2.0', id: 'a' },
        result: await answer,
      });
    }
    expect(greeted).toBeGreaterThan(50);
    expect(REQUESTS.length - greeted).toBeGreaterThan(50);
  });

  test.each([
    ['the handshake', 'initialize', plain],
    ['one that asks for no more', 'initialize', { ...plain, capabilities: {} }],
    ['a list', 'tools/list', undefined],
    ['a list with a token for its progress', 'prompts/list', { _meta: { progressToken: 1 } }],
    ['a ping', 'ping', {}],
  ])("%s is answered before the protocol's library is loaded", (_, method, params) => {
    expect(greet({ jsonrpc: '2.0', id: 1, method, ...(params && { params }) })).toBeDefined();
  });
});

describe('at the first message beyond the greeting', () => {
  const call = { jsonrpc: '2.0', id: 0, method: 'tools/call', params: { name: 'x' } };
  const begin = { jsonrpc: '2.0', id: 0, method: 'initialize', params: plain };
  const never = () => Promise.reject(new Error('no such file'));

  test('the library is loaded, and told of the handshake under a name that no client uses', async () => {
    const { wire, sent, take } = wireOf();
    const taken: [JSONRPCMessage | undefined, unknown][] = [];
    const older =
      async (first: JSONRPCMessage | undefined): Promise<Take> =>
      (message) =>
        void taken.push([first, message]);
    await new Opening(wire, greet, { older, newer: never }, log).start();
    take(begin);
    take({ jsonrpc: '2.0', method: 'notifications/initialized' });
    await expect.poll(() => sent).toMatchObject([{ id: 0, result: { protocolVersion: plain.protocolVersion } }]);
    expect(taken).toEqual([]);
    take(call);
    await expect.poll(() => taken).toEqual([[{ ...begin, id: 'handshake' }, call]]);
  });

  test('where it can not be loaded the message is refused, and the next one tries again', async () => {
    const { wire, sent, take } = wireOf();
    const taken: unknown[] = [];
    let isThere = false;
    const older = async (): Promise<Take> => (isThere ? (message) => void taken.push(message) : never());
    await new Opening(wire, greet, { older, newer: never }, log).start();
    take(call);
    await expect.poll(() => sent).toMatchObject([{ id: 0, error: { code: -32_603 } }]);
    expect(JSON.stringify(sent)).not.toContain('no such file');
    expect(told).toContain('the protocol can not be served');
    isThere = true;
    take(call);
    await expect.poll(() => taken).toEqual([call]);
    expect(sent).toHaveLength(1);
  });

  test('an answer that fails is an error in the words of the session', async () => {
    const { wire, sent, take } = wireOf();
    const session = Promise.reject(new Error('a secret'));
    session.catch(() => undefined);
    const failing = greeter(answersOf(session, { log, redactor: new Redactor() }), identity, 'words');
    await new Opening(wire, failing, { older: never, newer: never }, log).start();
    take({ jsonrpc: '2.0', id: 1, method: 'tools/list' });
    await expect.poll(() => sent).toMatchObject([{ id: 1, error: { code: -32_603 } }]);
    expect(JSON.stringify(sent)).not.toContain('a secret');
  });
});
