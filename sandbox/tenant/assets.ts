import type { Clock } from './clock.js';
import { DAY } from './clock.js';
import { coverOf } from './contracts.js';
import { SITES, type Site, USERS, type User } from './people.js';
import { createRandom, type Random } from './random.js';

export interface AssetType {
  id: number;
  name: string;
  group: readonly [id: number, name: string];
  icon: string;
  /** Tag in the asset number, models, operating systems or firmware. */
  tag: string;
  models: readonly string[];
  systems: readonly string[];
  /** How many per site, about. */
  share: number;
}

const GROUPS: Record<number, string> = { 2: 'Workstations', 3: 'Infrastructure', 4: 'Network', 5: 'Peripherals' };

/** `[id, name, group, icon, tag, per site, models, systems]`. */
type Kind = readonly [number, string, number, string, string, number, string, string];

const TABLE: readonly Kind[] = [
  [4, 'Laptop', 2, 'laptop', 'LT', 4, 'Latitude 7440|ThinkPad T14|EliteBook 840', 'Windows 11 Pro'],
  [5, 'Desktop', 2, 'desktop', 'PC', 1, 'OptiPlex 7010|ThinkCentre M70', 'Windows 11 Pro|Windows 10 Pro'],
  [6, 'Server', 3, 'server', 'SRV', 1, 'PowerEdge R450|ProLiant DL360', 'Windows Server 2022|Ubuntu 24.04'],
  [7, 'Firewall', 4, 'shield', 'FW', 1, 'FortiGate 60F|Firebox T45', '7.4.3|12.10'],
  [8, 'Switch', 4, 'sitemap', 'SW', 1, 'Aruba 2930F|Catalyst 1300', '16.11|4.1'],
  [9, 'Printer', 5, 'print', 'MFP', 1, 'imageRUNNER C3326|VersaLink C7120', 'embedded'],
];

export const ASSET_TYPES: readonly AssetType[] = TABLE.map(([id, name, group, icon, tag, share, models, systems]) => ({
  ...{ id, name, icon, tag, share, group: [group, GROUPS[group] ?? ''] as const },
  ...{ models: models.split('|'), systems: systems.split('|') },
}));

export interface Asset {
  id: number;
  tag: string;
  type: AssetType;
  model: string;
  serial: string;
  system: string;
  site: Site;
  user?: User;
  contract: number;
  inactive: boolean;
  seen: number;
  warranty: number;
}

/** About eight per site, ids run on from 501. */
export function makeAssets(clock: Clock, refOf: (client: number) => string): readonly Asset[] {
  const random = createRandom('assets');
  let id = 501;
  return SITES.flatMap((site) =>
    ASSET_TYPES.flatMap((type) =>
      Array.from({ length: countOf(type, site, random) }, () => {
        const asset = one(clock, random, id, type, site, refOf(site.client));
        id += 1;
        return asset;
      }),
    ),
  );
}

const countOf = (type: AssetType, site: Site, random: Random) =>
  site.inactive ? Math.min(type.share, 1) : random.int(0, type.share) + (type.share > 1 ? 1 : 0);

function one(clock: Clock, random: Random, id: number, type: AssetType, site: Site, ref: string): Asset {
  const users = USERS.filter((user) => user.site === site && !user.general && !user.inactive);
  const user = type.group[0] === 2 && users.length > 0 && random.chance(0.85) ? random.pick(users) : undefined;
  return {
    ...{ id, type, site, tag: `${ref}-${type.tag}-${String(id - 500).padStart(4, '0')}` },
    model: random.pick(type.models),
    system: random.pick(type.systems),
    serial: random.int(0x10000000, 0xfffffff0).toString(36).toUpperCase(),
    contract: coverOf(site.client),
    inactive: site.inactive === true || random.chance(0.06),
    seen: clock.now - random.int(5, 60 * 24 * 6) * 60_000,
    warranty: clock.today + random.int(-300, 900) * DAY,
    ...(user === undefined ? {} : { user }),
  };
}
