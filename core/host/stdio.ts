import { Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { type Core, PREAMBLE } from '../core.js';
import type { Log } from '../define.js';
import { isBroken, whose } from '../owner.js';
import { type Identity, mcpServer } from './server.js';
import { GuardedTransport } from './transport.js';

/** Calls in flight get so long to end by themselves; then they are told, and the process goes within 3 s in all. */
const BUSY_EXIT_MS = 2500;
/** So long the handshake waits for slow plugins, whose instructions belong into it. */
const HANDSHAKE_MS = 300;

/**
 * Loads the packs and serves them on stdin and stdout until stdin ends or a signal comes: at once when idle, within 3 s
 * with calls in flight. From the call of this function on, nothing but JSON-RPC reaches stdout: what anybody else
 * prints, a plugin while it loads included, goes to stderr.
 * @throws ConfigError where the config names a pack or a tool that nobody bears
 */
export async function serveStdio(load: () => Promise<Core>, identity: Identity, log: Log): Promise<void> {
  const transport = new GuardedTransport(process.stdin, ownStdout(), log);
  containStrays(log);
  leaveWith(transport, log);
  const ready = load();
  const early = await Promise.race([ready, delay(HANDSHAKE_MS, undefined, { ref: false })]);
  await mcpServer(ready, early?.instructions ?? PREAMBLE, identity).connect(transport);

  const { on, packs } = await ready
    .catch((error: Error) => {
      process.stderr.write(`${error.message}\n`);
      process.exit(2);
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
  const giveUp = () => {
    transport.giveUp('CALL_CANCELLED: The server is stopping. Call again when it is back.');
    setImmediate(exit);
  };
  const leave = (why: string) => {
    if (transport.busy === 0) exit();
    if (leaving) return;
    leaving = true;
    log.debug({ why, busy: transport.busy }, 'leaving');
    transport.onidle = () => setImmediate(exit);
    setTimeout(giveUp, BUSY_EXIT_MS);
  };
  transport.onend = () => leave('stdin ended');
  let signalled = false;
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const)
    process.on(signal, () => {
      if (signalled) giveUp();
      signalled = true;
      leave(signal);
    });
}

/** What is thrown or rejected with nobody waiting for it, in a plugin say, is told and does not end the server. */
function containStrays(log: Log): void {
  const contain = (what: string) => (cause: unknown) => {
    const owner = whose();
    if (owner !== undefined) owner.strays += 1;
    log.error({ ...(owner && { plugin: owner.name, strays: owner.strays }), cause: factsOf(cause) }, what);
    if (owner !== undefined && isBroken(owner))
      log.error({ plugin: owner.name }, `the plugin "${owner.name}" is off: it failed three times beside its calls`);
  };
  process.on('unhandledRejection', contain('a promise failed with nobody waiting'));
  process.on('uncaughtException', contain('an error was thrown with nobody catching'));
}

/**
 * stdout for the transport alone; everybody else's writes go to stderr. A reader that is gone ends the process, where
 * nobody reads stderr any more the log is lost and that is all.
 */
function ownStdout(): Writable {
  const stdout = process.stdout;
  const stderr = process.stderr;
  const write = stdout.write.bind(stdout);
  stdout.write = stderr.write.bind(stderr) as typeof stdout.write;
  Object.defineProperty(process, 'stdout', { get: () => stderr });
  stdout.on('error', () => process.exit(0));
  stderr.on('error', () => undefined);
  return new Writable({
    // A thousand answers at once leave as one write.
    writev: (chunks, done) => {
      stdout.cork();
      for (const [index, { chunk }] of chunks.entries())
        write(chunk, () => {
          if (index === chunks.length - 1) done();
        });
      stdout.uncork();
    },
  });
}

const factsOf = (error: unknown) =>
  error instanceof Error ? { name: error.name, message: error.message, stack: error.stack } : String(error);
