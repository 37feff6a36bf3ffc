import { DAY, haloDate, NEVER } from '../tenant/clock.js';
import { clientOf, type Tenant } from '../tenant/index.js';
import type { Row } from '../types.js';
import { type Endpoint, pagedEndpoint } from './define.js';

type Licence = readonly [
  id: number,
  client: number,
  name: string,
  count: number,
  used: number,
  ends: number | 'never',
  renews?: boolean,
];

/** Ends are in days from today. The second renews itself, the third has no end, the last has ended. */
const LICENCES: readonly Licence[] = [
  [1, 12, 'Microsoft 365 Business Premium', 25, 24, 60],
  [2, 38, 'Adobe Acrobat Pro', 10, 7, 30, true],
  [3, 38, 'Backup agent, perpetual', 4, 4, 'never'],
  [4, 17, 'Endpoint protection', 30, 28, 20],
  [5, 17, 'Endpoint protection', 25, 25, -345],
];

/** Licences and subscriptions that clients hold. */
export const licences: Endpoint = pagedEndpoint<Licence>({
  path: 'softwarelicence',
  scope: 'read:softwarelicensing',
  key: 'licences',
  find: (_tenant, query) => LICENCES.filter(([, client]) => [undefined, client].includes(query.int('client_id'))),
  show: ([id, client, name, count, used, ends, renews = false], { clock }: Tenant): Row => ({
    ...{ id, type: 1, name, count, client_id: client, client_name: clientOf(client).name, site_id: 0 },
    ...{ licences_in_use: used, licences_available: count - used, deleted: false, is_active: true, autorenew: renews },
    ...{
      start_date: haloDate(clock.today - 400 * DAY),
      end_date: ends === 'never' ? NEVER : haloDate(clock.today + ends * DAY),
    },
    ...{ billing_cycle: 'Monthly', term_duration: 'P1Y', status: 'Active' },
  }),
});
