import { isHaloError } from '../../core/errors.js';
import type { Query } from '../../core/halo/client.js';
import { rowsOf } from '../../core/halo/pages.js';
import { covers, type Scope } from '../../core/halo/scopes.js';
import { textOf } from '../../core/halo/value.js';
import { isSameClock, isZone } from '../../core/zone.js';
import { asked, type Check, type Exam, patience } from './exam.js';

/** The lists whose rows name a time zone. /Control is not read: it holds passwords. */
const LISTS: readonly { path: string; key: string; scope?: Scope; query: Query }[] = [
  { path: '/Agent', key: 'results', query: {} },
  {
    ...{ path: '/Site', key: 'sites', scope: 'read:customers' },
    query: { pageinate: true, page_no: 1, page_size: 100 },
  },
];

/** Which time zone decides the day, and whether Halo's people use the same. */
export const timeZone: Check = async (exam) => {
  const { name } = exam.customer.zone;
  const [id, title] = ['time_zone', 'Time zone'];
  const whose = `${name}, ${exam.own.timeZone === undefined ? "this machine's" : 'from the config'}`;
  const told = (await Promise.all(LISTS.map((list) => zonesIn(list, exam)))).flat();
  const counts = new Map<string, number>();
  for (const zone of told) counts.set(zone, (counts.get(zone) ?? 0) + 1);
  const ranked = [...counts].sort(([, a], [, b]) => b - a);
  const known = ranked.filter(([zone]) => isZone(zone));
  const [usual] = known.find(([zone]) => isSameClock(zone, name)) ?? [];
  const [first] = known;
  const list = ranked.slice(0, 2).map(([zone, many]) => `${zone} (${many})`);
  if (ranked.length > 2) list.push(`${ranked.length - 2} more`);
  const others = list.join(', ');
  if (first !== undefined && !isSameClock(first[0], name))
    return {
      ...{ id, title, mark: 'warn' },
      detail: `${whose}, and Halo's agents and sites are in ${others}.`,
      way_out: `Set "timeZone" in the config to the zone whose days you mean, such as "${first[0]}": it decides what today, a month and a day mean.`,
    };
  const halos = usual !== undefined ? "; Halo's agents and sites have the same" : '';
  const unknown = usual === undefined && others !== '' ? `; Halo's agents and sites say ${others}` : '';
  return { id, title, mark: 'ok', detail: `${whose}${halos}${unknown}` };
};

/** The zones named in a list's rows. Empty if it can't be read, which other checks report. */
async function zonesIn({ path, key, scope, query }: (typeof LISTS)[number], exam: Exam): Promise<string[]> {
  const { grant, limit, customer } = exam;
  if (grant === undefined || limit !== undefined) return [];
  if (scope !== undefined && !covers(grant.asked, scope)) return [];
  const rows = customer.client.get(path, query, patience(), 'trial').then((body) => rowsOf(body, key));
  const read = await asked(exam, rows);
  if (isHaloError(read)) return [];
  return read.flatMap((row) => {
    const zone = textOf(row.timezone);
    return zone !== undefined && /^[\w/+ .()-]{1,40}$/.test(zone) ? [zone] : [];
  });
}
