import { existsSync, readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import type { Plugin } from '../core/define.js';
import type { Bundled } from '../core/load/bundled.js';
import type { PluginCard } from '../core/load/card.js';
import { beside } from './identity.js';

/*
 * While a large book is read, V8 learns that sums, lists and maps made there last, and puts those that are made later
 * and last for a row only where they are freed last: 100 MiB for a hundred thousand invoices. Not set at the start: Node
 * compiles its own modules anew once a flag has changed.
 */
const keepYoung = () => setFlagsFromString('--no-allocation-site-pretenuring');

type Load = () => Promise<{ default: Plugin }>;

/** A pack's code, ready to read large books. */
const codeOf = (load: Load) => async () => {
  keepYoung();
  return (await load()).default;
};

/** The packs that come with the server, in the order of the docs. Only this file names them. */
const PACKS: Record<string, Load> = {
  tickets: () => import('../plugins/tickets/index.js'),
  clients: () => import('../plugins/clients/index.js'),
  finance: () => import('../plugins/finance/index.js'),
  insights: () => import('../plugins/insights/index.js'),
  agreements: () => import('../plugins/agreements/index.js'),
  receivables: () => import('../plugins/receivables/index.js'),
  projects: () => import('../plugins/projects/index.js'),
  assets: () => import('../plugins/assets/index.js'),
  people: () => import('../plugins/people/index.js'),
  reports: () => import('../plugins/reports/index.js'),
  'desk-actions': () => import('../plugins/desk-actions/index.js'),
};

/** Packs that are on only if a named config lists them. */
export const ON_REQUEST: readonly string[] = ['insights', 'receivables', 'agreements', 'desk-actions'];

/** The cards that the build made of the packs; none when the sources run unbuilt. */
const file = new URL(beside('cards.json'));
const cards: Record<string, PluginCard> = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};

/** The packs that come with the server, with their cards if it was built. */
export const bundled: Bundled = Object.fromEntries(
  Object.entries(PACKS).map(([name, load]) => [
    name,
    { default: !ON_REQUEST.includes(name), load: codeOf(load), card: cards[name] },
  ]),
);

/** The packs that are on if the config lists none. */
export const byDefault: readonly string[] = Object.keys(PACKS).filter((name) => !ON_REQUEST.includes(name));

/** What `doctor --revenue` asks of a tenant. No config can name it. */
export const revenueCheck: Bundled = {
  'revenue-check': { default: true, load: codeOf(() => import('../plugins/revenue-check/index.js')) },
};
