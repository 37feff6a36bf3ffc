import { Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { type Core, PREAMBLE } from '../core.js';
import type { Log } from '../define.js';
import { type Identity, mcpServer } from './server.js';
import { GuardedTransport } from './transport.js';

/** Calls in flight get so long to end by themselves; then they are told, and the process goes within 3 s in all. */
const BUSY_EXIT_MS = 2500;
/** So long the handshake waits for slow plugins, whose instructions belong into it. */
const HANDSHAKE_MS = 1000;

/**
 * Loads the packs and serves them on stdin and stdout until stdin ends or a signal comes: at once when idle, within 3 s
 * with calls in flight. From the call of this function on, nothing but JSON-RPC reaches stdout: what anybody else
 * prints, a plugin while it loads included, goes to stderr.
 * @throws ConfigError where the config names a pack or a tool that nobody bears
 */
export async function serveStdio(load: () => Promise<Core>, identity: Identity, log: Log): Promise<void> {
  const stdout = ownStdout();
  containStrays(log);
  const ready = load();
  // A wrong config is told below, and is no stray until then.
  ready.catch(() => undefined);
  const early = await Promise.race([ready, delay(HANDSHAKE_MS, undefined, { ref: false })]);

  const transport = new GuardedTransport(process.stdin, stdout);
  await mcpServer(ready, early?.instructions ?? PREAMBLE, identity).connect(transport);
  leaveWith(transport, log);

  const { on, packs } = await ready
    .catch((error: Error) => {
      process.stderr.write(`${error.message}\n`);
      process.exit(2);
    })
    .then(({ catalog }) => catalog);
  const names = packs.map(({ card }) => card.name);
  log.info({ packs: names, tools: on.length }, `${identity.title} server running on stdio`);
}

/** Ends the process when stdin ends, stdout breaks or a signal comes; calls in flight get their answer first. */
function leaveWith(transport: GuardedTransport, log: Log): void {
  let leaving = false;
  const leave = (why: string) => {
    if (leaving || transport.busy === 0) process.exit(0);
    leaving = true;
    log.debug({ why, busy: transport.busy }, 'leaving');
    transport.onidle = () => setImmediate(() => process.exit(0));
    setTimeout(() => {
      transport.giveUp('CALL_CANCELLED: The server is stopping. Call again when it is back.');
      setImmediate(() => process.exit(0));
    }, BUSY_EXIT_MS);
  };
  // The protocol's own handler would drop the calls in flight.
  transport.onclose = () => leave('stdin ended');
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => leave(signal));
  process.stdout.on('error', () => process.exit(0));
}

/** What is thrown or rejected with nobody waiting for it, in a plugin say, is told and does not end the server. */
function containStrays(log: Log): void {
  process.on('unhandledRejection', (reason) =>
    log.error({ cause: factsOf(reason) }, 'a promise failed with nobody waiting'),
  );
  process.on('uncaughtException', (error) =>
    log.error({ cause: factsOf(error) }, 'an error was thrown with nobody catching'),
  );
}

/** stdout for the transport alone; everybody else's writes go to stderr. */
function ownStdout(): Writable {
  const write = process.stdout.write.bind(process.stdout);
  process.stdout.write = process.stderr.write.bind(process.stderr) as typeof process.stdout.write;
  return new Writable({
    decodeStrings: false,
    write: (chunk: string, encoding, done) => {
      write(chunk, encoding, (error) => done(error ?? null));
    },
  });
}

const factsOf = (error: unknown) =>
  error instanceof Error ? { name: error.name, message: error.message, stack: error.stack } : String(error);
