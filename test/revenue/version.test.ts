/** The version of the rules: a test fails if figures change without a new version. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { breakdown, keepRecurringInvoice, type Params, templateWorth } from '../../revenue/index.js';
import { bookOf, type Raw } from './book.js';
import { precedence } from './precedence.js';
import { template } from './rows.js';
import { defaults, period_vectors, vectors } from './vectors.js';

/** By version of the rules, by case: a digest of its figures. */
const file = new URL('./versions.json', import.meta.url);
type Versions = Record<string, Record<string, string>>;
const recorded: Versions = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Versions) : {};

/** Each case with its own parameters, and with the other choices that change figures. */
const CHOICES: Partial<Params>[] = [
  {},
  { group_by: ['client', 'month', 'item_group', 'contract', 'recurring_invoice'] },
  { attribute_to: 'billed_client', include_unposted: true },
  { month_basis: 'service_period', include_contracts: false },
];

/** What an answer computes; a flag, a sentence or a way to group more is no other figure. */
const figuresOf = ({ clients, totals }: ReturnType<typeof breakdown>) =>
  JSON.stringify([
    clients.map(({ client_id, currencies, months, groups, evidence }) => ({
      ...{ client_id, currencies, months, groups, evidence },
    })),
    totals,
  ]);

const digest = (figures: string) => createHash('sha256').update(figures).digest('hex').slice(0, 12);

function computed(): Record<string, string> {
  const books = [...vectors, ...precedence].map(({ id, data, params }) => {
    const book = bookOf(data as Raw);
    const answers = CHOICES.map((choice) => figuresOf(breakdown(book, { ...defaults, ...params, ...choice })));
    return [id, digest(answers.join('\n'))];
  });
  const periods = period_vectors.map(({ id, input: { net_per_period, period } }) => {
    const lines = [{ id: 1, net_amount: net_per_period }];
    const kept = keepRecurringInvoice(template(-5001, { period, schedule: { period }, lines }));
    return [id, digest(JSON.stringify(kept && templateWorth(kept, '2026-06-30', [])))];
  });
  return Object.fromEntries([...books, ...periods]);
}

it('the figures of the worked cases are those of this version of the rules', () => {
  const { version } = breakdown(bookOf({}), defaults).method;
  const [now, before] = [computed(), recorded[version] ?? {}];
  const changed = Object.keys(before).filter((id) => before[id] !== now[id]);
  expect(
    changed,
    'These cases have other figures than before: raise METHOD_VERSION, and say which rule changed',
  ).toEqual([]);
  const fresh = Object.keys(now).filter((id) => before[id] === undefined);
  if (fresh.length === 0) return;
  expect(
    process.env.CI,
    `${fresh.join(', ')}: run this test outside a CI, and commit test/revenue/versions.json`,
  ).toBeFalsy();
  writeFileSync(file, `${JSON.stringify({ ...recorded, [version]: now }, null, 2)}\n`);
});

it('a version never goes back, and none is left out', () => {
  const { version } = breakdown(bookOf({}), defaults).method;
  const versions = Object.keys(recorded).map(Number);
  expect(versions).toEqual(versions.map((_, index) => index + 1));
  expect(version).toBeGreaterThanOrEqual(versions.length);
});
