import type { Shelf } from '../store/shelf.js';

/** One server's part of a limit that several divide among them: whole requests, at least one. */
export const shareOf = (limit: number, servers: number): number => Math.max(1, Math.floor(limit / servers));

/** A limit that several servers keep together. */
export interface SharedBudget {
  /** False while nothing is known of the others. */
  readonly isUp: boolean;
  /**
   * Counts one request if one is left, and otherwise says how long to wait.
   * @throws if nothing is known of the others; `isUp` is false then
   */
  take(member: string, limit: number, windowMs: number): Promise<{ wait: number; paused: boolean }>;
  /** Gives back a request that was counted but does not leave. */
  giveBack(member: string): void;
  /** Holds back the requests of all servers. */
  pause(milliseconds: number): void;
  /** Resolves when the sharer has been told what is known, or that nothing is. */
  join(sharer: Sharer): Promise<void>;
}

/** One of those that keep such a limit. */
export interface Sharer {
  readonly windowMs: number;
  /** The departures that it knows of, and what is left of a pause. */
  known(): { departures: [milliseconds: number, member: string][]; pauseMs: number };
  /**
   * From now on it gets everything that is known.
   * @param settleMs how long others may still join that know of more
   */
  together(departures: readonly [milliseconds: number, member: string][], pauseMs: number, settleMs: number): void;
  /** From now on it gets nothing. */
  parted(): void;
  departed(member: string): void;
  paused(milliseconds: number): void;
}

/** What Halo counts by: its address, and the login. */
export interface Credential {
  tokenUrl: string;
  apiUrl: string;
  clientId: string;
}

/** What servers with the same login share. */
export interface HaloStore {
  /** The budget of one credential, over all servers. */
  budgetOf(credential: Credential): SharedBudget;
  /**
   * Small texts for one purpose, encrypted.
   * @returns undefined without HALO_MCP_STORE_KEY: then what only its owner may read is not shared
   */
  shelf(purpose: string): Shelf | undefined;
}
