// contain/: A plugin's harm stays its own: what it prints, throws, changes or starts reaches nobody else.
import { openSync } from 'node:fs';
import { devNull } from 'node:os';
import { Readable, Writable } from 'node:stream';
import type { Log } from '../define.js';
import { factsOf } from '../log.js';
import type { Redactor } from '../output/redact.js';
import { keepFromChildren } from './children.js';
import { isBroken, type Owner, whose } from './owner.js';

/** What a plugin may print in a second, in characters. */
const MOST_PRINTED = 65_536;

/** The number of stderr: what asks a stream for its own is led there. */
const STDERR = 2;

/**
 * Keeps the process's streams to the server: from now on what anybody else prints, to stdout or to stderr, is told on
 * stderr, redacted, with the name of the plugin that printed it, and whoever reads stdin reads nothing; processes that
 * are started have none of the two that the protocol uses. What is thrown or rejected with nobody waiting for it is told
 * likewise and ends nothing. A plugin can't end the process by accident.
 * @returns the real stdout, for whoever may write to it; who reads stdin takes it before
 */
export function guardProcess(log: Log, redactor: Redactor): NodeJS.WriteStream {
  const { stdout, stderr } = process;
  // A reader of the log that has gone is no fault, and nobody could be told of it.
  stderr.on('error', () => undefined);
  const tell = teller(log, (text) => stderr.write(safely(text, redactor)));
  for (const name of ['stdout', 'stderr'] as const)
    Object.defineProperty(process, name, { value: diverted(tell), configurable: true, enumerable: true });
  Object.defineProperty(process, 'stdin', { value: emptied(), configurable: true, enumerable: true });
  keepFromChildren();

  const contain = (what: string) => (thrown: unknown) => {
    const owner = whose();
    if (owner !== undefined) owner.strays += 1;
    // A fault of the server's own: a command that goes on has failed all the same.
    else process.exitCode = 1;
    log.error({ ...(owner && { plugin: owner.name, strays: owner.strays }), cause: factsOf(thrown) }, what);
    if (owner !== undefined && isBroken(owner))
      log.error({ plugin: owner.name }, `the plugin "${owner.name}" is off: it failed three times beside its calls`);
  };
  process.on('unhandledRejection', contain('a promise failed with nobody waiting'));
  process.on('uncaughtException', contain('an error was thrown with nobody catching'));

  const exit = process.exit;
  process.exit = (...code) => {
    if (whose() !== undefined) throw new Error('A plugin may not end the server (process.exit).');
    return exit(...code);
  };
  return stdout;
}

/** What is printed as it may leave; where that can't be told, fixed words. */
function safely(text: string, redactor: Redactor): string {
  try {
    return redactor.redact(text);
  } catch {
    return 'What was printed could not be made safe, and is left out.\n';
  }
}

/** A stream in the place of stdin that has ended, with the number of a file that is empty. */
function emptied(): Readable {
  const stream = new Readable({ read: () => stream.push(null) });
  const same = () => stream;
  return Object.assign(stream, { fd: openSync(devNull, 'r'), ref: same, unref: same });
}

/** A stream in the place of a standard one; nobody can end it. */
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

/** Tells what was printed: lines of the log for a plugin, up to so much a second; the text as it is for all others. */
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
