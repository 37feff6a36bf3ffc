import { Writable } from 'node:stream';
import type { Core } from '../core.js';
import type { Log } from '../define.js';
import { type Identity, mcpServer } from './server.js';
import { GuardedTransport } from './transport.js';

const BUSY_EXIT_MS = 3000;

/**
 * Serves the core on stdin and stdout until stdin ends or a signal comes: at once when idle, within 3 s with calls in
 * flight. From the call of this function on, nothing but JSON-RPC reaches stdout: what anybody else prints goes to
 * stderr.
 */
export async function serveStdio(core: Core, identity: Identity, log: Log): Promise<void> {
  const transport = new GuardedTransport(process.stdin, ownStdout());
  const server = mcpServer(core, identity);
  await server.connect(transport);

  let leaving = false;
  const leave = (why: string) => {
    if (leaving) return process.exit(0);
    leaving = true;
    log.debug({ why, busy: transport.busy }, 'leaving');
    if (transport.busy === 0) return process.exit(0);
    transport.onidle = () => setImmediate(() => process.exit(0));
    setTimeout(() => process.exit(0), BUSY_EXIT_MS);
  };
  // The server's own handler would drop the calls in flight; they get their answer first.
  transport.onclose = () => leave('stdin ended');
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => leave(signal));
  process.stdout.on('error', () => process.exit(0));
  process.on('unhandledRejection', (reason) =>
    log.error({ cause: factsOf(reason) }, 'a promise failed with nobody waiting'),
  );
  process.on('uncaughtException', (error) =>
    log.error({ cause: factsOf(error) }, 'an error was thrown with nobody catching'),
  );

  const { on, packs } = core.catalog;
  log.info(
    { packs: packs.map(({ plugin }) => plugin.name), tools: on.length },
    `${identity.title} server running on stdio`,
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
