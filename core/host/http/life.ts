import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** How long what is in flight may take when the server is to stop. */
export const DRAIN_MS = 10_000;

/** What is being answered, and whether the server is about to stop. */
export class Life {
  readonly #open = new Set<ServerResponse>();
  readonly #streams = new Set<ServerResponse>();
  /** Answers under way on each connection: into them nothing else may be written. */
  readonly #busy = new WeakMap<Socket, number>();
  #draining = false;
  #idle: (() => void) | undefined;

  /** True from the moment at which the server was told to stop. */
  get draining(): boolean {
    return this.#draining;
  }

  /** Requests that have no answer yet. */
  get inFlight(): number {
    return this.#open.size;
  }

  /** Counts an answer as under way until it is written, or its client has gone. */
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

  /** Counts an answer no longer: it lasts as long as its client listens, and nobody waits for its end. */
  stream(res: ServerResponse): void {
    if (!this.#open.delete(res)) return;
    this.#streams.add(res);
    if (this.#open.size === 0) this.#idle?.();
    if (this.#draining) res.end();
  }

  /** How many listen. */
  get streams(): number {
    return this.#streams.size;
  }

  isBusy(socket: Socket): boolean {
    return (this.#busy.get(socket) ?? 0) > 0;
  }

  /** Resolves when all that is in flight has its answer, or the time is over. @returns how many have none */
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

/** How long connections may take to end by themselves once nothing is in flight on them. */
const CLOSE_MS = 500;

/** Ends a server: no new connections, and none is left. */
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
