/** What ties an answer to its request on a pipe: the one time that it was asked, and not the id that a client reuses. */
import { PassThrough } from 'node:stream';
import { beforeAll, expect, test } from 'vitest';
import { identity, self } from '../../../cli/identity.js';
import { bundled } from '../../../cli/packs.js';
import { settingsFrom } from '../../../config/index.js';
import { connect } from '../../../core/host/stdio/stdio.js';
import { GuardedTransport } from '../../../core/host/stdio/transport.js';
import { Redactor } from '../../../core/output/redact.js';
import type { Session } from '../../../core/session.js';
import { startOne } from '../../one.js';
import { cancel } from '../../server.js';

const log = { debug() {}, info() {}, warn() {}, error() {} };
const gate = { log, redactor: new Redactor() };

/** A transport on two streams, what it has written, and a way to write to it. */
function piped() {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const written: unknown[] = [];
  output.on('data', (bytes: Buffer) => {
    for (const line of String(bytes).trim().split('\n')) written.push(JSON.parse(line));
  });
  const wire = new GuardedTransport(input, output, log);
  const say = (message: object) => void input.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  return { wire, written, say };
}

let session: Session;
beforeAll(async () => {
  session = await startOne(settingsFrom(), { ...gate, bundled, self });
});

test.each([1, 0, '', 'again'])(
  'the late answer of a cancelled list is not sent for the next request with its id, %j',
  async (id) => {
    const { wire, written, say } = piped();
    let open = (_session: Session): void => {};
    const ready = new Promise<Session>((resolve) => {
      open = resolve;
    });
    await connect(wire, { ready, instructions: '' }, identity, gate);
    say({ id, method: 'tools/list' });
    say(cancel(id));
    say({ id, method: 'prompts/list' });
    await expect.poll(() => wire.busy, { interval: 1 }).toBe(1);
    open(session);
    await expect.poll(() => written, { interval: 1 }).toHaveLength(1);
    expect(written).toEqual([{ jsonrpc: '2.0', id, result: { prompts: expect.any(Array) } }]);
    expect(wire.busy).toBe(0);
  },
);

test('each request is passed on under a name of its own, and is answered and cancelled under the id of its client', async () => {
  const { wire, written, say } = piped();
  const passed: { id: string; method: string; params?: { requestId?: string } }[] = [];
  wire.onmessage = (message) => void passed.push(message as never);
  await wire.start();
  const call = { id: 7, method: 'tools/call', params: {} };
  say(call);
  say(cancel(7));
  say(call);
  say({ ...call, id: '7' });
  await expect.poll(() => passed, { interval: 1 }).toHaveLength(4);
  const [first, cancelled, second, quoted] = passed;
  expect(new Set([first?.id, second?.id, quoted?.id]).size).toBe(3);
  expect(cancelled?.params?.requestId).toBe(first?.id);
  for (const [request, text] of [
    [first, 'of the cancelled one'],
    [quoted, 'quoted'],
    [second, 'second'],
  ] as const)
    await wire.send({ jsonrpc: '2.0', id: request?.id ?? '', result: { text } });
  expect(written).toMatchObject([
    { id: '7', result: { text: 'quoted' } },
    { id: 7, result: { text: 'second' } },
  ]);
});
