/** Reads what expires besides contracts: licences, and blocks of prepaid time or money. */
import { isHaloError, type ToolContext } from '../../core/index.js';
import { keepLicence, type Licence, type PrepaidBooks } from '../index.js';
import { fetchPrepaid } from './agreements.js';
import { CLOSED } from './queries.js';
import { Reader } from './reader.js';

type Context = Pick<ToolContext, 'halo' | 'progress'>;

export interface Licences {
  readonly rows: readonly Licence[];
  readonly reasons: readonly string[];
  readonly pages: number;
}

/** The licences of a client, or of all; undefined if this login may not read them. */
export function fetchLicences(client: number | undefined, { halo, progress }: Context): Promise<Licences | undefined> {
  return open(async () => {
    const reader = new Reader(halo, progress);
    const rows = await reader.list('/SoftwareLicence', 'licences', keepLicence, { client });
    return { rows, reasons: reader.reasons, pages: reader.pages };
  });
}

/** Prepaid blocks and what was drawn from them; undefined if this login may not read either. */
export const fetchBlocks = (
  asked: { client_id?: number | undefined; as_of: string },
  context: Context,
): Promise<PrepaidBooks | undefined> => open(() => fetchPrepaid(asked, context));

async function open<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (isHaloError(error) && CLOSED.includes(error.code)) return undefined;
    throw error;
  }
}
