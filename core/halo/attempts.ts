/** Faults that may pass: the same request may succeed the next time. */
export const FAULTS = [
  /** HTTP 429. */
  'limited',
  /** HTTP 500 and Halo's other own errors. */
  'failed',
  /** HTTP 502 and 503. */
  'unavailable',
  /** HTTP 504: Halo's gateway gave up waiting, and asking again repeats the question. */
  'gateway',
  /** No headers came in time. */
  'silent',
  /** No connection, or one that broke before an answer came. */
  'unreachable',
  /** An answer that came incomplete. */
  'cut off',
] as const;

export type Fault = (typeof FAULTS)[number];

/** How often a request is sent in total, by the fault that it met last. */
type Attempts = Readonly<Record<Fault, number>>;

const READ = { limited: 3, failed: 2, unavailable: 3, gateway: 3, silent: 2, unreachable: 3, 'cut off': 3 };
const ONCE = { limited: 1, failed: 1, unavailable: 1, gateway: 1, silent: 1, unreachable: 1, 'cut off': 1 };

/** How often each kind of request is sent: defined only here. */
export const ATTEMPTS = {
  /** A record, a page, a short list. */
  bounded: READ,
  /** A list without bounds: if it took Halo too long once, it would again. */
  unbounded: { ...READ, gateway: 1, silent: 1 },
  /** Running a report is heavy for Halo, and its gateway may cut it off. */
  report: ONCE,
  /** A POST: after a fault nobody knows whether Halo did it. */
  write: ONCE,
  /** For a token that somebody is waiting for. */
  login: { ...READ, gateway: 2 },
  /** For a new token while the previous one is still valid. */
  renewal: ONCE,
  /** The retry with a new token, the one call that tests whether Halo is back, and the doctor's look. */
  trial: ONCE,
} as const satisfies Record<string, Attempts>;

/** The kind of a request, which decides how often it may be sent. */
export type Kind = keyof typeof ATTEMPTS;
