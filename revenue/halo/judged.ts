/** What a row of Halo's lists has to say before it counts. */
import { isNothing, type Row } from '../../core/index.js';
import { type Invoice, standing } from '../index.js';

/** A document that counts and says no day; one that says what can't be read is told by itself. */
export const isUndated = (one: Invoice): boolean =>
  one.date === undefined &&
  one.posted &&
  standing(one) === 'document' &&
  !one.unread.some((field) => /date/.test(field));

/** A row that lacks its client comes only where Halo is known to send this client's rows alone. */
export const ownedBy = (client: number | undefined, row: Row): Row =>
  client === undefined || !isNothing(row.client_id) ? row : { ...row, client_id: client };
