// host/stdio/: MCP over stdin and stdout: lines, broken messages, and when serving ends.
import { type Readable, Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from '../../define.js';
import { PREAMBLE, type Session } from '../../session.js';
import { type End, failed } from '../end.js';
import type { Gate } from '../handlers/answering.js';
import { answersOf, type Identity } from '../handlers/answers.js';
import { greeter } from './greeting.js';
import { type Libraries, Opening } from './opening.js';
import { GuardedTransport, idOf } from './transport.js';

/** Calls in flight get this long to finish; then they are cancelled, and the process exits within 3 s in all. */
const BUSY_EXIT_MS = 2500;
/** How long the handshake waits for slow plugins, whose instructions belong in it. */
const HANDSHAKE_MS = 300;

/**
 * Opens the session and serves it on stdin and stdout. Resolves when the process should exit: when stdin ends, stdout
 * breaks or a signal comes (at once when idle, within 3 s with calls in flight), or if the start fails.
 * @param streams the real ones, which nobody else reads or writes
 */
export function serveStdio(
  open: () => Promise<Session>,
  identity: Identity,
  gate: Gate,
  { stdin, stdout }: { stdin: Readable; stdout: NodeJS.WriteStream },
): Promise<End> {
  return new Promise((end) => {
    const { log } = gate;
    const leave = () => end({ code: 0 });
    const transport = new GuardedTransport(stdin, inBatches(stdout, leave), log);
    leaveWith(transport, log, leave);
    start(open, transport, identity, gate).catch((error: unknown) => end(failed(error, log)));
  });
}

async function start(
  open: () => Promise<Session>,
  transport: GuardedTransport,
  identity: Identity,
  gate: Gate,
): Promise<void> {
  const ready = open();
  // A failure is reported below; until then it must not count as unhandled.
  ready.catch(() => undefined);
  const early = await Promise.race([ready, delay(HANDSHAKE_MS, undefined, { ref: false })]);
  await connect(transport, { ready, instructions: early?.instructions ?? `Halo PSA. ${PREAMBLE}` }, identity, gate);
  const { packs, tools } = await ready;
  gate.log.info({ packs, tools: tools().length }, `${identity.title} server running on stdio`);
}

/** Serves a session on a transport, in the era that the client begins with. */
export async function connect(
  wire: GuardedTransport,
  { ready, instructions }: { ready: Promise<Session>; instructions: string },
  identity: Identity,
  gate: Gate,
): Promise<void> {
  const answers = answersOf(ready, gate);
  answers.onLate(() => {
    wire.send({ jsonrpc: '2.0', method: 'notifications/tools/list_changed' }).catch(() => undefined);
  });
  const libraries: Libraries = {
    older: async (handshake) => {
      const { openOlder } = await import('./older.js');
      return openOlder({ answers, instructions, identity }, wire, handshake);
    },
    newer: async () => {
      const { openNewer } = await import('./newer.js');
      return openNewer({ answersOf, identity, gate }, { ready, instructions }, { wire, idOf, log: gate.log });
    },
  };
  await new Opening(wire, greeter(answers, identity, instructions), libraries, gate.log).start();
}

/**
 * Exits when stdin ends or a signal comes; calls in flight are answered first. A second signal does not wait for them.
 */
function leaveWith(transport: GuardedTransport, log: Log, exit: () => void): void {
  let leaving = false;
  const giveUp = (why: string) => {
    log.debug({ why, busy: transport.busy }, 'calls are given up');
    transport.giveUp('CALL_CANCELLED: The server is stopping. Call again when it is back.');
    setImmediate(exit);
  };
  const leave = (why: string) => {
    if (transport.busy === 0) return exit();
    log.debug({ why, busy: transport.busy }, 'leaving');
    if (leaving) return;
    leaving = true;
    transport.onidle = () => setImmediate(exit);
    setTimeout(giveUp, BUSY_EXIT_MS, 'they take too long');
  };
  transport.onend = () => leave('stdin ended');
  let signalled = false;
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const)
    process.on(signal, () => {
      if (signalled) giveUp('a second signal');
      signalled = true;
      leave(signal);
    });
}

/** A stream in front of stdout: a thousand answers at once leave as one write. Serving ends with the reader. */
function inBatches(stdout: NodeJS.WriteStream, gone: () => void): Writable {
  stdout.on('error', gone);
  return new Writable({
    writev: (chunks, done) => {
      stdout.cork();
      for (const [index, { chunk }] of chunks.entries())
        stdout.write(chunk, () => {
          if (index === chunks.length - 1) done();
        });
      stdout.uncork();
    },
  });
}
