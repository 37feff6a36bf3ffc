import { usualLimit } from '../../config/index.js';
import { shareOf } from '../../core/halo/shared-budget.js';
import { type CatalogEntry, offEntries } from '../../core/load/catalog.js';
import type { Why } from '../../core/load/policy.js';
import { sentence } from '../../core/sentence.js';
import { serversOf } from '../../core/settings.js';
import { bundled } from '../packs.js';
import { tokenCount } from '../tools.js';
import { type Check, mostOf } from './exam.js';
import type { Finding } from './finding.js';

/** The reasons of tools that are off by decision. Any other reason is worth a look. */
const DECIDED: readonly Why[] = ['pack', 'narrowed', 'excluded'];

/** The tools that are on and off, by the same verdicts that the server uses. */
export const tools: Check = async ({ customer: { catalog, policy } }) => {
  const entries = [...catalog.entries, ...(await offEntries(catalog, bundled, policy))];
  const off = entries.flatMap((entry) => (entry.verdict.on ? [] : [{ ...entry, verdict: entry.verdict }]));
  const decided = off.filter(({ verdict }) => DECIDED.includes(verdict.why));
  const on = catalog.on.length;
  const overview: Finding = {
    ...{ id: 'tools', title: 'Tools', mark: on > 0 ? 'ok' : 'fail' },
    detail: `${on} on${decided.length > 0 ? `; off by the config: ${named(decided)}` : ''}${on > 0 ? '' : '.'}`,
    ...(on === 0 && { way_out: 'Name a pack in "plugins", or take names out of "exclude".' }),
    data: { tools: entries.map(({ tool, pack, verdict }) => ({ name: tool.name, pack, ...verdict })) },
  };
  const others = off
    .filter((entry) => !decided.includes(entry))
    .map(
      ({ tool, verdict }): Finding => ({
        ...{ id: `tool ${tool.name}`, title: `Tool ${tool.name}`, mark: 'warn' },
        detail: `off: ${sentence(verdict.reason)}`,
        way_out: verdict.fix,
      }),
    );
  return [overview, ...others];
};

/** `the packs insights, receivables; the tool list_actions` */
function named(off: readonly CatalogEntry[]): string {
  const whole = off.filter(({ verdict }) => !verdict.on && verdict.why === 'pack');
  const single = off.filter((entry) => !whole.includes(entry));
  const list = (what: string, names: ReadonlySet<string>) =>
    names.size === 0 ? [] : [`the ${what}${names.size > 1 ? 's' : ''} ${[...names].join(', ')}`];
  return [
    ...list('pack', new Set(whole.map(({ pack }) => pack))),
    ...list('tool', new Set(single.map(({ tool }) => tool.name))),
  ].join('; ');
}

/** How many tools each client shows its model, and how long an answer may be. */
const CLIENT_CAPS = [
  { client: 'Cursor', tools: 40 },
  { client: 'Windsurf', tools: 50 },
  { client: 'VS Code', tools: 128 },
];
const LONGEST_RESULT = 25_000;

/** What the tools cost the model's context, against the caps of known clients. */
export const cost: Check = async ({ settings, session }) => {
  const shown = session.tools();
  const tokens = shown.reduce((sum, { outputSchema: _, ...tool }) => sum + tokenCount(tool), 0);
  const over = CLIENT_CAPS.filter(({ tools: cap }) => shown.length > cap);
  const { maxTokens } = settings.output;
  const ways = [
    over.length > 0 &&
      `${over.map(({ client, tools: cap }) => `${client} shows ${cap} tools`).join(', ')}: turn packs off.`,
    maxTokens > LONGEST_RESULT &&
      `Claude Code refuses an answer over ${LONGEST_RESULT} tokens: lower output.maxTokens.`,
  ].filter(Boolean);
  return {
    ...{ id: 'cost', title: 'Cost', mark: ways.length === 0 ? 'ok' : 'warn' },
    detail: `about ${tokens} tokens for the list of ${shown.length} tools; an answer has ${maxTokens} at most`,
    ...(ways.length > 0 && { way_out: ways.join(' ') }),
    data: { tools: shown.length, tokens, max_tokens: maxTokens },
  };
};

/** Plugins that the config names but that failed to load. */
export const plugins: Check = async ({ customer: { catalog } }) => {
  const skipped = catalog.skipped.map(
    ({ use, reason }): Finding => ({
      ...{ id: `plugin ${use}`, title: `Plugin ${use}`, mark: 'fail' },
      detail: `skipped: ${sentence(reason)}`,
      way_out: 'Correct it, or remove it from "plugins"; the others work without it.',
    }),
  );
  return skipped.length > 0 ? skipped : { id: 'plugins', title: 'Plugins', mark: 'ok', detail: 'none was skipped' };
};

/** The limit is counted on our side: Halo reveals neither its limit nor what is left of it. */
export const budget: Check = async (exam) => {
  const [id, title] = ['budget', 'Requests'];
  const preset = usualLimit();
  const { requestsPer5Minutes: whole } = exam.own;
  const servers = serversOf(exam.settings);
  const { store } = exam.settings;
  const most = store === undefined ? shareOf(whole, servers) : whole;
  const used = mostOf(exam.own) - exam.customer.client.left;
  const among =
    store === undefined
      ? `the part of each of ${servers} servers, of ${whole} in all`
      : 'for all servers, by the store';
  const left = `${Math.max(0, most - used)} of ${most} left for the next 5 minutes`;
  const detail = `${used} used by this doctor; ${left}${servers > 1 || store !== undefined ? ` (${among})` : ''}`;
  const shared = servers > 1 && { servers, for_all: whole };
  const data = { used, left: Math.max(0, most - used), per_5_minutes: most, ...shared };
  if (whole < servers)
    return {
      ...{ id, title, mark: 'warn', data },
      detail: `${whole} requests in 5 minutes are less than one for each of ${servers} servers, which take one each.`,
      way_out: 'Raise requestsPer5Minutes, or lower HALO_MCP_REPLICAS.',
    };
  if (exam.limit?.status === 429)
    return {
      ...{ id, title, mark: 'fail', data },
      detail: exam.limit.message,
      way_out:
        'Wait until then and run the doctor again. Something else may use the same API application: give this one ' +
        'its own application, or lower requestsPer5Minutes.',
    };
  if (whole > preset)
    return {
      ...{ id, title, mark: 'warn', data },
      detail: `${detail}; Halo's own limit is 300 at worst.`,
      way_out: `Set requestsPer5Minutes to ${preset} unless Halo granted more.`,
    };
  return { id, title, mark: 'ok', detail, data };
};
