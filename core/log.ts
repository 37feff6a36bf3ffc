import { pino } from 'pino';
import type { Log } from './define.js';
import type { Redactor } from './output/redact.js';

/** So many bytes may wait for a reader of stderr; what comes then is left out. */
const MOST_UNREAD = 2 ** 20;

/**
 * The log: one JSON line each on stderr, a short readable line where stderr is a terminal. Every line passes the
 * redactor on its way.
 */
export function createLog(
  level: string,
  redactor: Redactor,
  stream: NodeJS.WritableStream & { isTTY?: boolean; writableLength?: number } = process.stderr,
): Log {
  const write = (line: string) => {
    if ((stream.writableLength ?? 0) > MOST_UNREAD) return;
    stream.write(redactor.redact(stream.isTTY ? readable(line) : line));
  };
  return pino({ base: null, level, timestamp: pino.stdTimeFunctions.isoTime }, { write });
}

function readable(line: string): string {
  const { level, time, msg, ...facts } = JSON.parse(line) as Record<string, unknown>;
  const detail = Object.keys(facts).length > 0 ? ` ${JSON.stringify(facts)}` : '';
  return `${String(time).slice(11, 19)} ${pino.levels.labels[Number(level)] ?? level}: ${String(msg)}${detail}\n`;
}
