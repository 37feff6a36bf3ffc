/** The common form of every question about money and its answer. */
import { type AnswerText, HaloError, table, untrusted, z } from '../../core/index.js';
import { CHOICES, DEFAULTS, type Framed, type Params, sheetOf, sumsLabel, sumsTitle } from '../index.js';
import { CLIENT, RATES, ratesOf } from './ask.js';
import { type Section, titled } from './views/proof.js';
import { viewsText } from './views/views.js';

/** The arguments that every question about money takes. */
export const MONEY = {
  ...CLIENT,
  currency_policy: z.enum(CHOICES.currency_policy).default(DEFAULTS.currency_policy),
  rates: RATES.optional().describe('Home units per unit'),
  format: z.enum(['table', 'csv']).default('table'),
};

/** A call's currency policy, as the engine takes it. @throws HaloError BAD_ARGUMENTS for rates that would count for nothing */
export function policyOf({
  currency_policy,
  rates,
}: {
  currency_policy: Params['currency_policy'];
  rates?: { currency: string; rate: string | number }[] | undefined;
}): Pick<Params, 'currency_policy' | 'rates'> {
  if (rates === undefined || rates.length === 0) return { currency_policy };
  if (currency_policy !== 'convert')
    throw new HaloError(
      'BAD_ARGUMENTS',
      `rates are given, and currency_policy is "${currency_policy}", which uses none.`,
      'Add currency_policy "convert", or leave the rates out.',
    );
  return { currency_policy, rates: ratesOf(rates) };
}

const Flag = z.object({
  code: z.string(),
  severity: z.enum(['high', 'medium', 'info']),
  entity: z.string(),
  client_id: z.int().optional(),
  client: untrusted(z.string()).optional(),
  ref: untrusted(z.string()).optional(),
  amount: z.string().nullable(),
  currency: z.string().optional(),
  message: z.string(),
  fields: z.array(z.string()).optional(),
});

const Proof = z.object({
  count: z.int(),
  sum: z.record(z.string(), z.string()),
  truncated: z.boolean(),
  items: z.array(untrusted(z.record(z.string(), z.unknown()))),
});

/** What every answer holds: how it was made, whether it is complete, what to look at, what proves it, what to quote. */
export const FORM = {
  method: z.record(z.string(), z.unknown()),
  complete: z.boolean(),
  flags: z.array(Flag),
  evidence: z.record(z.string(), Proof),
  statement: untrusted(z.string()),
  omitted: z.int().optional(),
  hint: z.string().optional(),
};

/** Clients with their figures by currency. */
export const byClient = <F extends z.ZodType>(figures: F) =>
  z.array(z.object({ client_id: z.int(), name: untrusted(z.string()), currencies: z.record(z.string(), figures) }));

/** One row per client and currency, plus the totals if there are several. */
export function clientRows<F>(
  {
    clients,
    totals,
    complete,
  }: { clients: { name: string; currencies: Record<string, F> }[]; totals: Record<string, F>; complete: boolean },
  columns: (figures: F) => Record<string, unknown>,
  format: 'table' | 'csv',
): Record<string, unknown>[] {
  const rows = clients.flatMap(({ name, currencies }) =>
    Object.entries(currencies).map(([currency, figures]) => ({ client: name, currency, ...columns(figures) })),
  );
  // In a spreadsheet, a total among the rows would be added again.
  if (clients.length < 2 || format === 'csv') return rows;
  const label = sumsLabel({ complete });
  return [
    ...rows,
    ...Object.entries(totals).map(([currency, figures]) => ({ client: label, currency, ...columns(figures) })),
  ];
}

/** The most flags of one kind named in the text; the structured answer has them all. */
const NAMED = 4;
/** The most rows of evidence that are shown as text. */
const SHOWN = 5;

/**
 * The answer as a person reads it: the statement, the tables, the flags by severity, and the evidence. A file contains
 * only the first table.
 */
export function formText(
  {
    statement,
    flags,
    evidence,
    method,
    complete,
    with: views,
  }: Framed & { with?: Record<string, unknown> | undefined },
  [first, ...others]: readonly [Section, ...Section[]],
  { name, format, proof = true }: { name: string; format: 'table' | 'csv'; proof?: boolean },
): AnswerText {
  const csv = format === 'csv';
  const shown = (section: Section) => (section[1].length === 0 ? '' : titled(section));
  const parts = [
    statement,
    csv ? 'The table is in the CSV file.' : shown([first[0] || sumsTitle({ complete }), first[1]]),
    ...others.map(shown),
    flagText(flags),
    ...(proof ? Object.entries(evidence).map(proofText) : []),
    viewsText(views),
  ];
  const beside = { as_of: method.as_of, from: method.from, to: method.to, complete: method.complete };
  const told = Object.fromEntries(Object.entries(beside).filter(([, value]) => value !== undefined));
  const span = [method.as_of, method.from, method.to].filter((one) => one !== undefined).join('_');
  return {
    head: '',
    data: parts.filter(Boolean).join('\n\n'),
    ...(csv && { file: sheetOf(`${name}_${span}`, first[1], told) }),
  };
}

function flagText(flags: Framed['flags']): string {
  const codes = [...new Set(flags.map(({ code }) => code))];
  const lines = codes.map((code) => {
    const some = flags.filter((flag) => flag.code === code);
    const named = some.slice(0, NAMED).map(nameOf).join(', ');
    const more = some.length > NAMED ? ` and ${some.length - NAMED} more` : '';
    return `${some[0]?.severity}\t${code}\t${named}${more}\t${some[0]?.message}`;
  });
  return lines.length === 0 ? '' : `Flags:\n${lines.join('\n')}`;
}

function nameOf({ entity, client, ref, amount, currency, fields }: Framed['flags'][number]): string {
  const of = [ref, client].filter(Boolean).join(', ');
  const money = amount === null ? '' : ` ${amount}${currency === undefined ? '' : ` ${currency}`}`;
  const unread = fields === undefined ? '' : ` [${fields.slice(0, 3).join(', ')}]`;
  return `${entity}${of === '' ? '' : ` (${of})`}${unread}${money}`;
}

function proofText([name, { count, sum, items }]: [string, Framed['evidence'][string]]): string {
  if (count === 0) return '';
  const some = items.slice(0, SHOWN);
  const sums = Object.entries(sum).map(([code, amount]) => `${amount} ${code}`);
  const of = some.length < count ? `; the ${some.length} largest of ${count}` : '';
  return `Evidence, ${name.replaceAll('_', ' ')}: ${sums.join(', ')}${of}\n${table(some)}`;
}
