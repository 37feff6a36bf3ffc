import { HaloError } from '../errors.js';

/** The time of one call. */
export interface Timer {
  signal: AbortSignal;
  readonly deadline: number;
  /** Starts the time limit again, up to the longest. */
  extend(): void;
  /** Stops the clock until the returned function is called. */
  pause(): () => void;
  /** The end of the longest wait that is allowed, if there is one. */
  readonly latest?: number | undefined;
  /** Moves the deadline past this moment, to wait for it; false if no wait, or none this long, is allowed. */
  mayWait: ((moment: number) => boolean) | undefined;
  /** The work or the end of the time, whichever comes first: a tool that ignores its signal can't hang the call. */
  race<T>(work: Promise<T>): Promise<T>;
  stop(): void;
}

/** The longest that a call may take, not counting questions to a person. */
const LONGEST_MS = 15 * 60_000;

/** The reason that ends whatever a tool left running. All calls share one, since creating an error takes time. */
const ENDED = Object.freeze(new HaloError('CALL_CANCELLED', 'The call has ended.'));

/** How often a waiting call tells its caller so, lest the caller give up. */
const BEAT_MS = 15_000;

/** What lets a call wait for its turn beyond its deadline. */
export interface Waiting {
  /** For the whole call. */
  longestMs: number;
  /** Called at once and every 15 s while it waits. */
  tell(): void;
}

/**
 * The time of one call. The signal aborts when the caller cancels or the deadline comes. Progress extends the deadline;
 * a question to a person stops its clock.
 */
export function timer(milliseconds: number, caller: AbortSignal | undefined, waiting?: Waiting): Timer {
  const controller = new AbortController();
  let last = performance.now() + (waiting?.longestMs ?? LONGEST_MS);
  let waits = 0;
  let beat: ReturnType<typeof setInterval> | undefined;
  const expire = () => {
    const left = time.deadline - performance.now();
    if (left > 1) alarm = setTimeout(expire, left);
    else
      controller.abort(
        new HaloError('CALL_TIMEOUT', `The call took longer than ${Math.round(milliseconds / 1000)} s.`),
      );
  };
  let alarm = setTimeout(expire, milliseconds);
  const keepTelling = (tell: () => void) => {
    tell();
    beat ??= setInterval(() => {
      if (performance.now() < waits) return tell();
      clearInterval(beat);
      beat = undefined;
    }, BEAT_MS);
  };
  const cancel = () => controller.abort(new HaloError('CALL_CANCELLED', 'The call was cancelled.'));
  if (caller?.aborted) cancel();
  caller?.addEventListener('abort', cancel, { once: true });
  const time = {
    signal: controller.signal,
    deadline: performance.now() + milliseconds,
    latest: waiting && last,
    mayWait:
      waiting &&
      ((moment: number) => {
        if (moment > last) return false;
        time.deadline = Math.max(time.deadline, Math.min(last, moment + milliseconds));
        waits = Math.max(waits, moment);
        if (beat === undefined) keepTelling(waiting.tell);
        return true;
      }),
    extend: () => {
      time.deadline = Math.min(last, performance.now() + milliseconds);
    },
    pause: () => {
      const from = performance.now();
      clearTimeout(alarm);
      return () => {
        const stood = performance.now() - from;
        last += stood;
        time.deadline += stood;
        time.latest = waiting && last;
        if (!controller.signal.aborted) alarm = setTimeout(expire, time.deadline - performance.now());
      };
    },
    race: <T>(work: Promise<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        const abort = () => reject(controller.signal.reason);
        if (controller.signal.aborted) abort();
        controller.signal.addEventListener('abort', abort, { once: true });
        work.then(resolve, reject);
      }),
    stop: () => {
      clearTimeout(alarm);
      clearInterval(beat);
      caller?.removeEventListener('abort', cancel);
      // Whatever the tool left running ends with its call.
      controller.abort(ENDED);
    },
  };
  return time;
}
