/**
 * What every question about the books shares: whose books they are, and what happens to a question that can't be
 * answered.
 */
import { cut, filter, HaloError, isRow, pace, resolveClient, type ToolContext, z } from '../../core/index.js';
import { RevenueInputError, type Steps } from '../index.js';

/** The arguments that name one client. */
export const CLIENT = {
  client_id: filter.Id.optional(),
  client_name: z.string().min(1).optional(),
};

/** The window of what was billed, as `windowOf` takes it; one sentence tells both defaults. */
export const WINDOW = {
  from: filter.Day.optional(),
  to: filter.Day.optional().describe('Default: complete months, 12 without from'),
};

/** Rates, each with its currency; a map by code is accepted too. */
export const RATES = z.preprocess(
  (given) => (isRow(given) ? Object.entries(given).map(([currency, rate]) => ({ currency, rate })) : given),
  z.array(z.strictObject({ currency: z.string().min(1), rate: z.union([z.number(), z.string().min(1)]) })),
);

/** The rates by code, as the engine takes them. @throws HaloError BAD_ARGUMENTS if two rates of one currency differ */
export function ratesOf(rates: z.output<typeof RATES>): Record<string, string | number> {
  const byCode = new Map<string, string | number>();
  for (const { currency, rate } of rates) {
    const code = currency.trim().toUpperCase();
    const known = byCode.get(code);
    if (known !== undefined && String(known) !== String(rate))
      throw new HaloError(
        'BAD_ARGUMENTS',
        `There are two rates for ${cut(code, 20)}: ${known} and ${rate}.`,
        'Give one.',
      );
    byCode.set(code, rate);
  }
  return Object.fromEntries(byCode);
}

/**
 * The client that `CLIENT` names, for the engine's params; empty for all clients. @throws HaloError BAD_ARGUMENTS for
 * both
 */
export async function clientAsked(
  { client_id: id, client_name: name }: { client_id?: number | undefined; client_name?: string | undefined },
  { halo }: Pick<ToolContext, 'halo'>,
): Promise<{ client_id?: number }> {
  if (id !== undefined && name !== undefined)
    throw new HaloError('BAD_ARGUMENTS', 'Both client_id and client_name are given.', 'Give one of them.');
  const client = name === undefined ? id : (await resolveClient(halo, name)).id;
  return client === undefined ? {} : { client_id: client };
}

/**
 * The engine's answer, computed in slices; in between, the event loop can cancel it and serve other calls.
 * @param signal the call's: nobody waits for the answer of one that was cancelled
 */
export async function answeredInSlices<T>(
  work: () => Steps<T>,
  signal: AbortSignal,
  loop?: Parameters<typeof pace>[1],
): Promise<T> {
  const paced = pace(signal, loop);
  const steps = answered(work);
  for (;;) {
    const { done, value } = answered(() => steps.next());
    if (done) return value;
    const turn = paced();
    if (turn !== undefined) await turn;
  }
}

/** The engine's answer; a question that it can't take becomes BAD_ARGUMENTS, with the way out. */
export function answered<T>(answer: () => T): T {
  try {
    return answer();
  } catch (error) {
    if (error instanceof RevenueInputError) throw new HaloError('BAD_ARGUMENTS', error.problem, error.wayOut);
    throw error;
  }
}
