import { pino } from 'pino';
import type { Owner } from './contain/owner.js';
import type { Log } from './logger.js';
import { cut } from './output/clean.js';
import { plain } from './output/plain.js';
import type { Redactor } from './output/redact.js';

/** The most bytes that may wait for a reader of stderr; lines beyond that are dropped. */
const MOST_UNREAD = 2 ** 20;

/** Replaces a line that can't be written or redacted: none of it is known to be harmless. */
const UNSAID = '{"level":50,"msg":"A line of the log could not be made safe, and is left out."}\n';

/**
 * The log: one JSON line per entry on stderr, or a short readable line if stderr is a terminal. Every line passes the
 * redactor; if that fails, fixed words replace the line. Logging never throws.
 */
export function createLog(
  level: string,
  redactor: Redactor,
  stream: NodeJS.WritableStream & { isTTY?: boolean; writableLength?: number } = process.stderr,
): Log {
  const write = (line: string) => {
    if ((stream.writableLength ?? 0) > MOST_UNREAD) return;
    stream.write(orUnsaid(() => redactor.redact(stream.isTTY ? readable(line) : line)));
  };
  const log = pino({ base: null, level, timestamp: pino.stdTimeFunctions.isoTime }, { write });
  const line = (name: keyof Log) => (facts: object, message: string) => {
    try {
      log[name](facts, message);
    } catch {
      write(UNSAID);
    }
  };
  return { debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') };
}

function orUnsaid(line: () => string): string {
  try {
    return line();
  } catch {
    return UNSAID;
  }
}

function readable(line: string): string {
  const { level, time, msg, ...facts } = JSON.parse(line) as Record<string, unknown>;
  const detail = Object.keys(facts).length > 0 ? ` ${JSON.stringify(facts)}` : '';
  return `${String(time).slice(11, 19)} ${pino.levels.labels[Number(level)] ?? level}: ${String(msg)}${detail}\n`;
}

const LONGEST = 4000;
const MOST = { characters: 16_000, values: 500, depth: 8 };

/** The log as a plugin gets it: its name is on every line, and its facts are made harmless. */
export function logOf(log: Log, { name: plugin }: Owner): Log {
  const line = (level: keyof Log) => (facts: object, message: string) =>
    log[level]({ plugin, facts: harmless(facts) }, cut(typeof message === 'string' ? message : '', LONGEST));
  return { debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') };
}

function harmless(facts: unknown): unknown {
  try {
    return plain(facts, MOST);
  } catch (error) {
    return factsOf(error);
  }
}

/** What was thrown, in a short form for the log, whatever it was. */
export function factsOf(thrown: unknown): unknown {
  try {
    if (typeof thrown === 'string') return cut(thrown, LONGEST);
    if (!(thrown instanceof Error)) return plain(thrown, MOST);
    const { name, message, stack } = thrown;
    return { name: cut(String(name), 100), message: cut(String(message), LONGEST), stack: cut(String(stack), LONGEST) };
  } catch {
    return 'something that can not be shown';
  }
}
