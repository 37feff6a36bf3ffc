import type { Shelf } from '../store/shelf.js';

/** One server's part of a limit that several divide among them: whole requests, one at least. */
export const shareOf = (limit: number, servers: number): number => Math.max(1, Math.floor(limit / servers));

/** A limit that several servers keep together. */
export interface SharedBudget {
  /** False while nothing is known of the others. */
  readonly isUp: boolean;
  /**
   * Counts one request where there is one left, and else says how long to wait.
   * @throws where nothing is known of the others; `isUp` is false then
   */
  take(member: string, limit: number, windowMs: number): Promise<{ wait: number; paused: boolean }>;
  /** One that was counted and does not leave. */
  giveBack(member: string): void;
  /** Holds the requests of all servers back. */
  pause(milliseconds: number): void;
  /** Resolves when the sharer has been told what is known, or that nothing is. */
  join(sharer: Sharer): Promise<void>;
}

/** Who keeps such a limit. */
export interface Sharer {
  readonly windowMs: number;
  /** What it knows of, and what is left of a pause. */
  known(): { departures: [milliseconds: number, member: string][]; pauseMs: number };
  /**
   * Told of all that is known from now on.
   * @param settleMs so long others may still come that know of more
   */
  together(departures: readonly [milliseconds: number, member: string][], pauseMs: number, settleMs: number): void;
  /** Told of nothing from now on. */
  parted(): void;
  departed(member: string): void;
  paused(milliseconds: number): void;
}

/** By what Halo counts: where it is, and as whom one logs in there. */
export interface Credential {
  tokenUrl: string;
  apiUrl: string;
  clientId: string;
}

/** What servers with the same login share of it. */
export interface HaloStore {
  /** The budget of one credential, over all servers. */
  budgetOf(credential: Credential): SharedBudget;
  /**
   * Small texts for one purpose, encrypted.
   * @returns undefined without HALO_MCP_STORE_KEY: what only its owner may read is shared with nobody then
   */
  shelf(purpose: string): Shelf | undefined;
}
