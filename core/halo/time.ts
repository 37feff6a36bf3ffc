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

/** `14:05:30 UTC`, for a moment of `Date.now()`. */
export function clockTime(moment: number): string {
  return `${new Date(moment).toISOString().slice(11, 19)} UTC`;
}

/** `after 14:05:30 UTC (7 s)` */
export function comeBack(milliseconds: number): string {
  const seconds = Math.max(1, Math.ceil(milliseconds / 1000));
  return `after ${clockTime(Date.now() + seconds * 1000)} (${seconds} s)`;
}

const DAY_MS = 86_400_000;
/** Halo's limit covers a rolling five minutes: after that long it lets anybody in again. */
const HALO_WINDOW_MS = 300_000;
/** The wait for a time that is over already, or for a header that says nothing. */
const LEAST_MS = 1000;

/**
 * Milliseconds of a Retry-After header, which is seconds or a date in any of HTTP's three forms (compared with the
 * answer's own Date, so that a wrong clock here does no harm). A time that is over counts as one second. More than a
 * day, or a figure that can't be read, counts as Halo's five minutes: somebody asked for a wait, so there is one.
 * Undefined if the header is missing or only a word.
 */
export function retryAfter(headers: Record<string, string | string[] | undefined>): number | undefined {
  const text = String(headers['retry-after'] ?? '').trim();
  if (!/\d/.test(text)) return undefined;
  const wait = /^[+-]?\d+(\.\d*)?$/.test(text) ? Number(text) * 1000 : untilDate(text, headers.date);
  if (wait === undefined || wait > DAY_MS) return HALO_WINDOW_MS;
  return wait < 0 ? LEAST_MS : wait;
}

/** Like {@link retryAfter}, but a header that says nothing is still a wait. */
export function pauseAfter(headers: Record<string, string | string[] | undefined>): number | undefined {
  return retryAfter(headers) ?? (headers['retry-after'] === undefined ? undefined : LEAST_MS);
}

const MONTHS = 'Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec';
const CLOCK = String.raw`\d{2}:\d{2}:\d{2}`;
/** The three of RFC 9110, 5.6.7; the last one, from C's asctime, does not say that it is GMT. */
const HTTP_DATES = [
  new RegExp(`^[A-Z][a-z]{2}, \\d{1,2} (${MONTHS}) \\d{4} ${CLOCK} GMT$`),
  new RegExp(`^[A-Z][a-z]{5,8}, \\d{2}-(${MONTHS})-\\d{2} ${CLOCK} GMT$`),
  new RegExp(`^[A-Z][a-z]{2} (${MONTHS}) {1,2}\\d{1,2} ${CLOCK} \\d{4}$`),
];

function untilDate(text: string, date: string | string[] | undefined): number | undefined {
  if (!HTTP_DATES.some((form) => form.test(text))) return undefined;
  const at = Date.parse(text.endsWith('GMT') ? text : `${text} GMT`);
  if (Number.isNaN(at)) return undefined;
  const answered = Date.parse(String(date ?? ''));
  return Math.max(LEAST_MS, at - (Number.isNaN(answered) ? Date.now() : answered));
}
