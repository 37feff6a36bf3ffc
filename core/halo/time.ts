import { setTimeout as delay } from 'node:timers/promises';

/** Waits; rejects with the signal's own reason when it is aborted. */
export async function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  await delay(milliseconds, undefined, { signal }).catch(() => signal.throwIfAborted());
}

/** `after 14:05:30 UTC (7 s)` */
export function comeBack(milliseconds: number): string {
  const seconds = Math.max(1, Math.ceil(milliseconds / 1000));
  return `after ${new Date(Date.now() + seconds * 1000).toISOString().slice(11, 19)} UTC (${seconds} s)`;
}

/**
 * Milliseconds of a Retry-After header, which is seconds or an HTTP date (taken against the answer's own Date, so that
 * a wrong clock here does no harm). Undefined where it is missing or makes no sense; a date in the past is one second.
 */
export function retryAfter(headers: Record<string, string | string[] | undefined>): number | undefined {
  const text = String(headers['retry-after'] ?? '').trim();
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1000;
  const at = Date.parse(text);
  if (text === '' || Number.isNaN(at)) return undefined;
  const answered = Date.parse(String(headers.date ?? ''));
  return Math.max(1000, at - (Number.isNaN(answered) ? Date.now() : answered));
}
