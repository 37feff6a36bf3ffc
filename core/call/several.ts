/** The extra argument of a session with several customers: which of them is meant. */
import type { Prompt } from '../define.js';
import { HaloError } from '../errors.js';
import { didYouMean } from '../nearest.js';
import { cut } from '../output/clean.js';
import type { PublicTool } from '../output/schema.js';
import { givenArguments } from './given.js';

type Json = Record<string, unknown>;

/** The argument's name, in tools and in prompts. */
export const CUSTOMER = 'customer';

/** How one customer's catalog shows a tool. */
export interface Shown {
  customer: string;
  shown: PublicTool;
}

/** The name of the customer argument; it gives way if the tool has an argument of that name. */
export const argumentOf = (each: readonly (PublicTool | undefined)[]): 'customer' | 'halo_customer' =>
  each.some((shown) => CUSTOMER in propertiesOf(shown?.inputSchema ?? {})) ? 'halo_customer' : CUSTOMER;

/** A tool as such a session lists it: with the customer argument first, and whatever the customers' options add. */
export function withCustomer(each: readonly [Shown, ...Shown[]]): PublicTool {
  const [{ shown }] = each;
  const argument = {
    type: 'string',
    enum: each.map(({ customer }) => customer),
    description: 'Whose Halo is asked.',
  };
  const required = each
    .map(({ shown: { inputSchema } }) => (inputSchema.required ?? []) as string[])
    .reduce((some, others) => some.filter((name) => others.includes(name)));
  const name = argumentOf(each.map((one) => one.shown));
  const outputs = [...new Map(each.map((one) => [JSON.stringify(one.shown.outputSchema), one.shown.outputSchema]))];
  return {
    ...shown,
    inputSchema: {
      ...shown.inputSchema,
      properties: {
        [name]: argument,
        ...Object.assign({}, ...each.toReversed().map((one) => propertiesOf(one.shown.inputSchema))),
      },
      required: [name, ...required],
    },
    ...(outputs.length > 1 && { outputSchema: { type: 'object', anyOf: outputs.map(([, schema]) => schema) } }),
  };
}

const propertiesOf = ({ properties = {} }: Json) => properties as Json;

/**
 * Takes the customer out of a call's arguments.
 * @throws HaloError BAD_ARGUMENTS if it is missing or unknown
 */
export function takeCustomer(
  raw: unknown,
  argument: string,
  customers: readonly string[],
): { customer: string; rest: Json } {
  const { [argument]: named, ...rest } = givenArguments(raw);
  return { customer: readCustomer(named, argument, customers), rest };
}

/**
 * The customer that is meant.
 * @throws HaloError BAD_ARGUMENTS if it is missing or unknown
 */
export function readCustomer(named: unknown, argument: string, customers: readonly string[]): string {
  const wanted = typeof named === 'string' ? named.trim().toLowerCase() : named;
  if (typeof wanted === 'string' && customers.includes(wanted)) return wanted;
  const list = customers.join(', ');
  if (wanted === undefined || wanted === null || wanted === '')
    throw new HaloError('BAD_ARGUMENTS', `"${argument}" is missing; it must be one of ${list}.`);
  const near = typeof wanted === 'string' ? didYouMean(wanted.slice(0, 100), customers) : '';
  const what = typeof wanted === 'string' ? `"${cut(wanted, 40)}"` : typeof wanted;
  throw new HaloError('BAD_ARGUMENTS', `"${argument}" must be one of ${list}, not ${what}.${near}`);
}

/** A prompt as such a session lists it, with the customer as its first blank. */
export const promptOfSeveral = (prompt: Prompt, customers: readonly string[]): Prompt => ({
  ...prompt,
  arguments: { [CUSTOMER]: { description: `Whose Halo is asked: ${customers.join(', ')}.` }, ...prompt.arguments },
});
