import type { Writable } from 'node:stream';
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
 * with calls in flight.
 * @param stdout the real one, which nobody else writes to
 * @throws ConfigError where the config names a pack or a tool that nobody bears
 */
export async function serveStdio(
  load: () => Promise<Core>,
  identity: Identity,
  log: Log,
  stdout: Writable,
): Promise<void> {
  const ready = load();
  const early = await Promise.race([ready, delay(HANDSHAKE_MS, undefined, { ref: false })]);

  const transport = new GuardedTransport(process.stdin, stdout);
  await mcpServer(ready, early?.instructions ?? PREAMBLE, identity).connect(transport);
  leaveWith(transport, stdout, log);

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
function leaveWith(transport: GuardedTransport, stdout: Writable, log: Log): void {
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
  stdout.on('error', () => process.exit(0));
}
