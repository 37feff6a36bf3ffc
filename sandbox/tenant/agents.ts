export interface Agent {
  id: number;
  name: string;
  /** Team names, the first is the main one. */
  teams: readonly string[];
  job: string;
  disabled?: true;
  api?: true;
  /** Days since the last login; absent: never. */
  seen?: number;
}

/** Agent 1 is Halo's "nobody". */
export const UNASSIGNED = 1;
export const MSP_DOMAIN = 'harbourlight.example';

export const AGENTS: readonly Agent[] = [
  { id: 1, name: 'Unassigned', teams: [], job: '' },
  { id: 3, name: 'Alice Archer', teams: ['1st Line'], job: 'Service desk', seen: 0 },
  { id: 5, name: 'Ben Okafor', teams: ['2nd Line', 'Projects'], job: 'Senior engineer', seen: 0 },
  { id: 6, name: 'Dana Whitfield', teams: ['1st Line'], job: 'Service desk', seen: 1 },
  { id: 7, name: 'Erik Sandström', teams: ['2nd Line'], job: 'Network engineer', seen: 0 },
  { id: 8, name: 'Carla Ruiz', teams: ['1st Line'], job: 'Service desk', seen: 140, disabled: true },
  { id: 9, name: 'Reporting API', teams: [], job: '', api: true },
  { id: 10, name: 'Farah Nasser', teams: ['Projects'], job: 'Project manager', seen: 0 },
  { id: 11, name: 'George Papadakis', teams: ['Projects', '2nd Line'], job: 'Project engineer', seen: 2 },
  { id: 12, name: 'Hana Kobayashi', teams: ['Field Engineering'], job: 'Account manager', seen: 0 },
  { id: 13, name: 'Ivan Petrov', teams: ['Field Engineering', '1st Line'], job: 'Field engineer', seen: 3 },
  { id: 14, name: 'Joanna Reilly', teams: ['2nd Line'], job: 'Account manager', seen: 0 },
];

export const agentName = (id: number): string => AGENTS.find((agent) => agent.id === id)?.name ?? '';

export interface Team {
  id: number;
  name: string;
  department: readonly [id: number, name: string];
  projects: boolean;
}

export const TEAMS: readonly Team[] = [
  { id: 1, name: '1st Line', department: [1, 'Service'], projects: false },
  { id: 2, name: '2nd Line', department: [1, 'Service'], projects: true },
  { id: 3, name: 'Projects', department: [2, 'Delivery'], projects: true },
  { id: 4, name: 'Field Engineering', department: [2, 'Delivery'], projects: false },
];

export const teamName = (id: number): string => TEAMS.find((team) => team.id === id)?.name ?? '';
