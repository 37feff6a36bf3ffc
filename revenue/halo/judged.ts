/** What a row of Halo's lists must state before it counts. */
import { isNothing, type Row } from '../../core/index.js';
import { type Invoice, standing } from '../index.js';

/** A document that counts but has no date; an unreadable date is reported separately. */
export const isUndated = (one: Invoice): boolean =>
  one.date === undefined &&
  one.posted &&
  standing(one) === 'document' &&
  !one.unread.some((field) => /date/.test(field));

/** A row without a client is accepted only if Halo is known to send only this client's rows. */
export const ownedBy = (client: number | undefined, row: Row): Row =>
  client === undefined || !isNothing(row.client_id) ? row : { ...row, client_id: client };
