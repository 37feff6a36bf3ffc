/** Waits; rejects with the signal's own reason when it is aborted. */
export async function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  await new Promise<void>((resolve, reject) => {
    const end = () => {
      signal.removeEventListener('abort', abort);
      resolve();
    };
    const alarm = setTimeout(end, milliseconds);
    const abort = () => {
      clearTimeout(alarm);
      reject(signal.reason);
    };
    signal.addEventListener('abort', abort, { once: true });
  });
}

/** `14:05:30 UTC`, of a moment of `Date.now()`. */
export function clockTime(moment: number): string {
  return `${new Date(moment).toISOString().slice(11, 19)} UTC`;
}

/** `after 14:05:30 UTC (7 s)` */
export function comeBack(milliseconds: number): string {
  const seconds = Math.max(1, Math.ceil(milliseconds / 1000));
  return `after ${clockTime(Date.now() + seconds * 1000)} (${seconds} s)`;
}

const DAY_MS = 86_400_000;
const HTTP_DATE = /^[A-Z][a-z]{2,8},? .*\bGMT$/;

/**
 * Milliseconds of a Retry-After header, which is seconds or an HTTP date (taken against the answer's own Date, so that
 * a wrong clock here does no harm). Undefined where it is missing or makes no sense (no proxy asks for more than a day);
 * a date in the past is one second.
 */
export function retryAfter(headers: Record<string, string | string[] | undefined>): number | undefined {
  const text = String(headers['retry-after'] ?? '').trim();
  const wait = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : untilDate(text, headers.date);
  return wait !== undefined && wait <= DAY_MS ? wait : undefined;
}

function untilDate(text: string, date: string | string[] | undefined): number | undefined {
  const at = HTTP_DATE.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at)) return undefined;
  const answered = Date.parse(String(date ?? ''));
  return Math.max(1000, at - (Number.isNaN(answered) ? Date.now() : answered));
}
