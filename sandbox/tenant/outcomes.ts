/** What an action may be. `mail`: 0 none, 1 unless the action says no, 2 whatever the action says. */
export interface Outcome {
  id: number;
  name: string;
  mail: 0 | 1 | 2;
  /** The ticket's status after it. */
  status?: number;
  hides?: true;
  /** Halo's own, never offered to an agent. */
  system?: true;
}

export const OUTCOMES: readonly Outcome[] = [
  { id: 1, name: 'System Update', mail: 0, system: true },
  { id: 2, name: 'First User Email', mail: 0, system: true },
  { id: 3, name: 'User Reply', mail: 0, system: true },
  { id: 4, name: 'Respond to User', mail: 1, status: 4 },
  { id: 7, name: 'Private Note', mail: 0, hides: true },
  { id: 9, name: 'Close Ticket', mail: 1, status: 9 },
  { id: 11, name: 'Remote Support', mail: 0 },
  { id: 12, name: 'Waiting for Supplier', mail: 0, status: 22 },
  { id: 13, name: 'Site Visit', mail: 0 },
  { id: 14, name: 'Resolution E-mail', mail: 2 },
];

export const outcomeOf = (id: number): Outcome | undefined => OUTCOMES.find((one) => one.id === id);
