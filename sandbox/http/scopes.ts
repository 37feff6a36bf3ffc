const AREAS = [
  'tickets',
  'calendar',
  'customers',
  'crm',
  'timesheets',
  'contracts',
  'suppliers',
  'items',
  'projects',
  'sales',
  'quotes',
  'sos',
  'pos',
  'invoices',
  'reporting',
  'software',
  'softwarelicensing',
  'kb',
  'assets',
] as const;

/** The read: and edit: boxes that Halo's UI shows. */
export const AREA_SCOPES: readonly string[] = AREAS.flatMap((area) => [`read:${area}`, `edit:${area}`]);

const OTHER_SCOPES = ['all', 'all:standard', 'admin', 'editMine:timesheets', 'access:chat', 'access:adpasswordreset'];
const KNOWN = new Set([...AREA_SCOPES, ...OTHER_SCOPES]);

/** True when every asked scope exists and is ticked; Halo refuses the whole token otherwise. */
export function mayAsk(asked: readonly string[], ticked: readonly string[]): boolean {
  return asked.every((scope) => (KNOWN.has(scope) || ticked.includes(scope)) && covers(ticked, scope));
}

/** `all` covers everything, `edit:x` covers `read:x`. */
export function covers(held: readonly string[], needed: string): boolean {
  return held.includes('all') || held.includes(needed) || held.includes(needed.replace(/^read:/, 'edit:'));
}
