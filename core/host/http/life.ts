import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** How long requests in flight may take once the server is told to stop. */
export const DRAIN_MS = 10_000;

/** What is being answered, and whether the server is about to stop. */
export class Life {
  readonly #open = new Set<ServerResponse>();
  readonly #streams = new Set<ServerResponse>();
  /** Answers in progress on each connection: nothing else may be written into them. */
  readonly #busy = new WeakMap<Socket, number>();
  #draining = false;
  #idle: (() => void) | undefined;

  /** True once the server was told to stop. */
  get draining(): boolean {
    return this.#draining;
  }

  /** Requests without an answer so far. */
  get inFlight(): number {
    return this.#open.size;
  }

  /** Counts an answer as in progress until it is written or its client has gone. */
  enter(res: ServerResponse): void {
    const { socket } = res;
    const count = (by: number) => socket && this.#busy.set(socket, (this.#busy.get(socket) ?? 0) + by);
    this.#open.add(res);
    count(1);
    res.once('close', () => {
      this.#streams.delete(res);
      this.#open.delete(res);
      count(-1);
      if (this.#open.size === 0) this.#idle?.();
    });
  }

  /** Stops counting an answer: it lasts as long as its client listens, so the server does not wait for it. */
  stream(res: ServerResponse): void {
    if (!this.#open.delete(res)) return;
    this.#streams.add(res);
    if (this.#open.size === 0) this.#idle?.();
    if (this.#draining) res.end();
  }

  /** How many clients listen. */
  get streams(): number {
    return this.#streams.size;
  }

  isBusy(socket: Socket): boolean {
    return (this.#busy.get(socket) ?? 0) > 0;
  }

  /** Resolves when all requests in flight are answered, or the time is over. @returns how many are not answered */
  async drain(milliseconds = DRAIN_MS): Promise<number> {
    this.#draining = true;
    for (const res of this.#streams) res.end();
    if (this.#open.size > 0)
      await new Promise<void>((resolve) => {
        const alarm = setTimeout(resolve, milliseconds);
        this.#idle = () => {
          clearTimeout(alarm);
          resolve();
        };
      });
    return this.#open.size;
  }
}

/** How long idle connections may take to end by themselves. */
const CLOSE_MS = 500;

/** Closes a server: no new connections, and none is left open. */
export function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const force = setTimeout(() => server.closeAllConnections(), CLOSE_MS);
    server.close(() => {
      clearTimeout(force);
      resolve();
    });
    server.closeIdleConnections();
  });
}
