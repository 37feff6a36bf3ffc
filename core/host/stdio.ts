import { type Readable, Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { ConfigError } from '../../config/index.js';
import { type Core, PREAMBLE } from '../core.js';
import type { Log } from '../define.js';
import { newRef, unknownFault } from '../fault.js';
import { factsOf } from '../log.js';
import type { Gate } from './answering.js';
import { type Identity, mcpServer } from './server.js';
import { GuardedTransport } from './transport.js';

/** Calls in flight get so long to end by themselves; then they are told, and the process goes within 3 s in all. */
const BUSY_EXIT_MS = 2500;
/** So long the handshake waits for slow plugins, whose instructions belong into it. */
const HANDSHAKE_MS = 300;

/**
 * Loads the packs and serves them on stdin and stdout until stdin ends or a signal comes: at once when idle, within 3 s
 * with calls in flight.
 * @param streams the real ones, which nobody else reads or writes
 * @throws ConfigError where the config names a pack or a tool that nobody bears
 */
export async function serveStdio(
  load: () => Promise<Core>,
  identity: Identity,
  gate: Gate,
  { stdin, stdout }: { stdin: Readable; stdout: NodeJS.WriteStream },
): Promise<void> {
  const { log } = gate;
  const transport = new GuardedTransport(stdin, inBatches(stdout), log);
  leaveWith(transport, log);
  const ready = load();
  // A wrong config is told below, and is no stray until then.
  ready.catch(() => undefined);
  const early = await Promise.race([ready, delay(HANDSHAKE_MS, undefined, { ref: false })]);
  await mcpServer(ready, early?.instructions ?? PREAMBLE, identity, gate).connect(transport);

  const { on, packs } = await ready
    .catch((error: unknown) => {
      const isOurs = error instanceof ConfigError;
      const ref = newRef();
      if (!isOurs) log.error({ ref, cause: factsOf(error) }, 'the start failed');
      process.stderr.write(`${isOurs ? error.message : unknownFault('The start', ref).words}\n`);
      process.exit(isOurs ? 2 : 1);
    })
    .then(({ catalog }) => catalog);
  const names = packs.map(({ card }) => card.name);
  log.info({ packs: names, tools: on.length }, `${identity.title} server running on stdio`);
}

/**
 * Ends the process when stdin ends, stdout breaks or a signal comes; calls in flight get their answer first. A second
 * signal does not wait for them.
 */
function leaveWith(transport: GuardedTransport, log: Log): void {
  let leaving = false;
  const exit = () => process.exit(0);
  const giveUp = (why: string) => {
    log.debug({ why, busy: transport.busy }, 'calls are given up');
    transport.giveUp('CALL_CANCELLED: The server is stopping. Call again when it is back.');
    setImmediate(exit);
  };
  const leave = (why: string) => {
    if (transport.busy === 0) exit();
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

/** A stream before stdout: a thousand answers at once leave as one write. A reader that is gone ends the process. */
function inBatches(stdout: NodeJS.WriteStream): Writable {
  stdout.on('error', () => process.exit(0));
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
