/** The groups of items, which Halo keeps as asset groups: service lines, as a finance director reads them. */
const GROUPS: readonly (readonly [id: number, name: string, ...items: string[]])[] = [
  [11, 'Managed services', 'MS-USER', 'MS-SRV', 'BKP', 'AV', 'FWAAS', 'DR'],
  [12, 'Licences', 'M365BP', 'M365E3'],
  [13, 'Telephony', 'VOIP', 'MIN'],
  [14, 'Web', 'HOST', 'DOM', 'SSL', 'FEE'],
  [15, 'Hardware', 'DOCK', 'LAPTOP', 'SWITCH', 'AP', 'WARR', 'UPS'],
];

const SERVICES = { assetgroup_id: 6, assetgroup_name: 'Services' };

const BY_ITEM = new Map(
  GROUPS.flatMap(([id, name, ...items]) =>
    items.map((item) => [item, { assetgroup_id: id, assetgroup_name: name }] as const),
  ),
);

/** The group of an item by its code; services by default. */
export const groupOf = (code: string): { assetgroup_id: number; assetgroup_name: string } =>
  BY_ITEM.get(code) ?? SERVICES;
