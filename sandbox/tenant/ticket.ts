import type { Client } from './clients.js';
import type { Site, User } from './people.js';

export interface Ticket {
  id: number;
  occurred: number;
  summary: string;
  details: string;
  status: number;
  type: number;
  sla: number;
  priority: number;
  client: Client;
  site: Site;
  user: User;
  team: number;
  agent: number;
  category: number;
  contract: number;
  /** 0: none. */
  parent: number;
  respondBy: number;
  responded?: number;
  fixBy: number;
  closed?: number;
  /** Closed once, and open again. */
  reopened?: true;
  last: number;
  device: string;
  /** Oldest first; made on the first call. */
  actions(): readonly Action[];
  project?: ProjectFacts;
}

/** What only projects and their tasks have. Hours and pence. */
export interface ProjectFacts {
  start: number;
  target: number;
  deadline: number;
  hours: { budget: number; actual: number };
  money: { budget: number; actual: number };
  /** Percent done. */
  done: number;
  children: number;
}

export interface Action {
  /** Counts within the ticket. */
  id: number;
  ticket: number;
  at: number;
  /** When it was posted, for one made over the API. */
  made?: number;
  outcome: readonly [id: number, name: string];
  who: string;
  /** 0 for end users and the system. */
  agent: number;
  system: boolean;
  note: string;
  /** Hours worked. */
  hours: number;
  charged: number;
  /** Covered by the agreement. */
  covered: number;
  prepaid: number;
  hidden: boolean;
  statusBefore: number;
  statusAfter: number;
  email: '' | 'I' | 'O';
  subject: string;
  contract: number;
}
