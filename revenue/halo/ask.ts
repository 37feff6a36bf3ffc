/** What every question on the books shares: whose books, and what becomes of a question that can't be answered. */
import { HaloError, resolveClient, type ToolContext, z } from '../../core/index.js';
import { RevenueInputError } from '../index.js';

/** The arguments that name one client. */
export const CLIENT = {
  client_id: z.int().positive().optional(),
  client_name: z.string().min(1).optional(),
};

/** The client that `CLIENT` names, for the engine's params; nothing for all. @throws HaloError BAD_ARGUMENTS for both */
export async function clientAsked(
  { client_id: id, client_name: name }: { client_id?: number | undefined; client_name?: string | undefined },
  { halo }: Pick<ToolContext, 'halo'>,
): Promise<{ client_id?: number }> {
  if (id !== undefined && name !== undefined)
    throw new HaloError('BAD_ARGUMENTS', 'Both client_id and client_name are given.', 'Give one of them.');
  const client = name === undefined ? id : (await resolveClient(halo, name)).id;
  return client === undefined ? {} : { client_id: client };
}

/** The answer of the engine; what it can't be asked is BAD_ARGUMENTS, with the way out. */
export function answered<T>(answer: () => T): T {
  try {
    return answer();
  } catch (error) {
    if (error instanceof RevenueInputError) throw new HaloError('BAD_ARGUMENTS', error.problem, error.wayOut);
    throw error;
  }
}
