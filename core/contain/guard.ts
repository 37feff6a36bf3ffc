// contain/: A plugin's harm stays its own: whatever it prints, throws, changes or starts affects nobody else.
import { openSync } from 'node:fs';
import { devNull } from 'node:os';
import { Readable, Writable } from 'node:stream';
import type { Log } from '../define.js';
import { factsOf } from '../log.js';
import type { Redactor } from '../output/redact.js';
import { keepFromChildren } from './children.js';
import { isBroken, type Owner, whose } from './owner.js';

/** The most that a plugin may print in a second, in characters. */
const MOST_PRINTED = 65_536;

/** The descriptor of stderr, for code that asks a stream for its own. */
const STDERR = 2;

/**
 * Keeps the process's streams to the server. From now on anything that other code prints, to stdout or stderr, goes to
 * stderr, redacted and with the plugin's name; any other reader of stdin reads nothing; child processes get neither of
 * the protocol's two streams. Uncaught errors and unhandled rejections are logged likewise and end nothing. A plugin
 * can't end the process by accident.
 * @returns the real stdout, for the server's own use; a reader of stdin must take it before
 */
export function guardProcess(log: Log, redactor: Redactor): NodeJS.WriteStream {
  const { stdout, stderr } = process;
  // If the log's reader has gone, that is no fault, and nobody could be told.
  stderr.on('error', () => undefined);
  const tell = teller(log, (text) => stderr.write(safely(text, redactor)));
  for (const name of ['stdout', 'stderr'] as const)
    Object.defineProperty(process, name, { value: diverted(tell), configurable: true, enumerable: true });
  Object.defineProperty(process, 'stdin', { value: emptied(), configurable: true, enumerable: true });
  keepFromChildren();

  const contain = (what: string) => (thrown: unknown) => {
    const owner = whose();
    if (owner !== undefined) owner.strays += 1;
    // A fault of the server's own: even if the command goes on, it has failed.
    else process.exitCode = 1;
    log.error({ ...(owner && { plugin: owner.name, strays: owner.strays }), cause: factsOf(thrown) }, what);
    if (owner !== undefined && isBroken(owner))
      log.error({ plugin: owner.name }, `the plugin "${owner.name}" is off: it failed three times outside its calls`);
  };
  process.on('unhandledRejection', contain('a promise was rejected and not handled'));
  process.on('uncaughtException', contain('an error was thrown and not caught'));

  const exit = process.exit;
  process.exit = (...code) => {
    if (whose() !== undefined) throw new Error('A plugin may not end the server (process.exit).');
    return exit(...code);
  };
  return stdout;
}

/** Printed text after redaction; fixed words if redaction fails. */
function safely(text: string, redactor: Redactor): string {
  try {
    return redactor.redact(text);
  } catch {
    return 'What was printed could not be made safe, and is left out.\n';
  }
}

/** A stream in place of stdin that has already ended, with the descriptor of an empty file. */
function emptied(): Readable {
  const stream = new Readable({ read: () => stream.push(null) });
  const same = () => stream;
  return Object.assign(stream, { fd: openSync(devNull, 'r'), ref: same, unref: same });
}

/** A stream in place of a standard one, which nobody can end. */
function diverted(tell: (text: string) => void): Writable {
  const stream = new Writable({
    write(chunk: Buffer | string, _encoding, done) {
      tell(chunk.toString());
      done();
    },
  });
  stream.end = () => stream;
  stream.destroy = () => stream;
  return Object.assign(stream, { fd: STDERR });
}

/** Passes on what was printed: for a plugin as log lines, up to the limit per second; anything else unchanged. */
function teller(log: Log, pass: (text: string) => void): (text: string) => void {
  const spent = new WeakMap<Owner, { second: number; printed: number }>();
  return (text) => {
    const owner = whose();
    if (owner === undefined) return pass(text);
    const second = Math.floor(performance.now() / 1000);
    const known = spent.get(owner);
    const before = known?.second === second ? known.printed : 0;
    spent.set(owner, { second, printed: before + text.length });
    if (before >= MOST_PRINTED) return;
    const full = before + text.length > MOST_PRINTED;
    const printed = text.slice(0, MOST_PRINTED - before).replace(/\n$/, '');
    log.warn({ plugin: owner.name, printed, ...(full && { cut: 'more in this second is left out' }) }, 'printed');
  };
}
