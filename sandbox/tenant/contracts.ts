import type { Clock } from './clock.js';
import { at, once } from './random.js';

export interface Contract {
  id: number;
  client: number;
  ref: string;
  title: string;
  start: number;
  /** Last day; undefined: open-ended, written as 2099. */
  end?: number;
  /** False once archived. Lapsed contracts often stay active. */
  active: boolean;
  /** 1 Managed Service, 2 Licences, 3 Time and materials. */
  type: number;
  period: number;
  /** Pence per period. */
  charge: number;
  rolling?: true;
  previous?: number;
  dontInvoice?: true;
  note?: string;
}

type Entry = readonly [
  id: number,
  client: number,
  ref: string,
  title: string,
  /** Months from this one, first and last day; a contract ends the day before that month. */
  from: number,
  to: number | 'open' | 'in 45 days',
  period: number,
  charge: number,
  more?: Partial<Contract>,
];

const TABLE: readonly Entry[] = [
  [19, 23, 'FAB-2020', 'Managed service', -70, -22, 2, 640_00, { active: false }],
  [22, 36, 'PRO-2019', 'Managed service', -75, -39, 2, 410_00, { active: false }],
  [28, 12, 'NW-MS-2021', 'Managed service', -67, -31, 2, 990_00],
  [31, 12, 'NW-MS-2024', 'Managed service', -31, 6, 2, 1190_00, { previous: 28, note: 'Auto-renews 12 months' }],
  [32, 17, 'CD-AV', 'Endpoint protection', -22, 'open', 3, 0, { type: 2 }],
  [33, 12, 'NW-M365', 'Microsoft 365 licences', -26, -2, 2, 0, { type: 2, rolling: true }],
  [34, 17, 'CD-MS', 'Managed service', -20, 16, 2, 742_50],
  [35, 21, 'CP-MS', 'Managed service', -17, 19, 2, 1425_00],
  [36, 26, 'AW-MS', 'Managed service', -23, 'in 45 days', 2, 2216_40],
  [37, 27, 'AWR-SHOP', 'Shop support', -14, 10, 2, 318_00],
  [38, 29, 'LIT-MS', 'Managed Service Europa', -18, 18, 2, 1860_00],
  [39, 31, 'TT-MS', 'Managed service', -16, 20, 2, 905_00],
  [40, 34, 'WWI-MS', 'Managed service', -25, 11, 2, 1584_00],
  [41, 34, 'WWI-VISIT', 'Weekly site visit', -5, 7, 1, 145_00],
  [42, 36, 'PRO-2022', 'Managed service', -40, -4, 2, 455_75, { note: 'Renewal sent, not signed' }],
  [43, 38, 'WFS-MS', 'Managed service', -22, 14, 2, 3120_00],
  [44, 41, 'ASH-2023', 'Managed service', -37, 5, 2, 520_00],
  [45, 41, 'ASH-2025', 'Managed service', -2, 22, 2, 586_90, { previous: 44 }],
  [46, 45, 'COH-MS', 'Managed service', -13, 23, 2, 677_00],
  [47, 47, 'MT-NEW', 'Managed service', 1, 37, 2, 389_00],
  [48, 49, '4C-MS', 'Managed service', -11, 13, 2, 264_00],
  [49, 43, 'LUC-TM', 'Time and materials', -30, 'open', 2, 0, { type: 3, dontInvoice: true }],
  [50, 45, 'COH-WIFI', 'Vineyard Wi-Fi support', -7, 5, 2, 215_50, { note: 'Billing to be set up' }],
  [51, 21, 'CP-DR', 'Disaster recovery', -12, 24, 4, 960_00],
  [52, 31, 'TT-BKP', 'Cloud backup', -3, 21, 2, 118_00, { note: 'Waits for the new server' }],
];

/** Contracts in order of id, then extra ones up to `wanted`. */
export function makeContracts(clock: Clock, wanted: number): readonly Contract[] {
  const base = TABLE.map((entry) => contract(clock, entry));
  return [...base, ...extra(clock, base, wanted - base.length)];
}

function contract(clock: Clock, [id, client, ref, title, from, to, period, charge, more]: Entry): Contract {
  const end = endOf(clock, to);
  return {
    ...{ id, client, ref, title, period, charge, active: true, type: 1, start: clock.month(from) },
    ...(end === undefined ? {} : { end }),
    ...more,
  };
}

function endOf(clock: Clock, to: number | 'open' | 'in 45 days'): number | undefined {
  if (to === 'open') return undefined;
  return to === 'in 45 days' ? clock.today + 45 * 86_400_000 : clock.month(to, 0);
}

const EXTRA_FROM = 1000;

function extra(clock: Clock, base: readonly Contract[], count: number): Contract[] {
  const clients = [...new Set(base.filter((one) => one.active && one.client !== 29).map((one) => one.client))];
  return Array.from({ length: Math.max(count, 0) }, (_, i) =>
    contract(clock, [EXTRA_FROM + i, at(clients, i), `BULK-${i}`, 'Managed service', -24, 12, 2, 100_00 + i]),
  );
}

const covering = once(() => {
  const live = TABLE.filter(
    ([, , , , from, to, , charge]) => charge > 0 && from < 0 && (typeof to === 'string' || to > 0),
  );
  return new Map(live.toReversed().map(([id, client]) => [client, id]));
});

/** The contract that covers a client's support: its first live one, or 0. */
export const coverOf = (client: number): number => covering().get(client) ?? 0;
