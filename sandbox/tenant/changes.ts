import type { Action, Ticket } from './ticket.js';

/** An e-mail, or a message of another kind, that Halo would have sent. */
export interface Mail {
  /** What sent it: the action itself, a rule, a survey, an acknowledgement. */
  by: 'action' | 'rule' | 'survey' | 'acknowledgement' | 'sms';
  ticket: number;
  to: string;
}

/** One record that was made, changed or deleted. */
export interface Change {
  method: 'POST' | 'DELETE';
  /** `/Actions` */
  path: string;
  /** As received. */
  row: Record<string, unknown>;
  ticket: number;
  id: number;
}

/** All writes since the start. */
export interface Changes {
  readonly mails: Mail[];
  readonly log: Change[];
  /** Differs after every change. */
  version(): number;
  /** The ticket as it is now. */
  now(ticket: Ticket): Ticket;
  added(): readonly Ticket[];
  add(ticket: Ticket): void;
  patch(ticket: Ticket, patch: Partial<Ticket>): void;
  setActions(ticket: Ticket, actions: readonly Action[]): void;
}

export function createChanges(): Changes {
  const patches = new Map<number, Partial<Ticket>>();
  const added: Ticket[] = [];
  let version = 0;
  const patch = ({ id }: Ticket, more: Partial<Ticket>) => {
    version += 1;
    patches.set(id, { ...patches.get(id), ...more });
  };
  return {
    ...{ mails: [], log: [], patch },
    version: () => version,
    now: (ticket) => {
      const own = patches.get(ticket.id);
      return own === undefined ? ticket : { ...ticket, ...own };
    },
    added: () => added,
    add(ticket) {
      version += 1;
      added.unshift(ticket);
    },
    setActions: (ticket, actions) => patch(ticket, { actions: () => actions }),
  };
}
