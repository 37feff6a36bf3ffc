import { NEVER } from '../tenant/clock.js';
import { clientOf } from '../tenant/index.js';
import { CURRENCIES } from '../tenant/lookups.js';
import { mainSite } from '../tenant/people.js';
import type { Row } from '../types.js';

/** Days to pay. */
export const TERMS = 30;

/** What documents and templates share: Halo keeps them in one table. */
export interface Party {
  client: number;
  currency: number;
  net: number;
  tax: number;
  paid: number;
}

/** Fields that are the same in nearly every header. */
const PLAIN: Row = {
  accountsid: '',
  uid: 0,
  thirdpartyinvoicenumber: '',
  schedule_date: NEVER,
  datepaid: NEVER,
  last_synced: NEVER,
  notes_1: '',
  paymentterms: TERMS,
  hideinvoice: false,
  type: 0,
  composite_tax_total: 0,
  approval_status: 0,
  billingcategory: 0,
  emailstatus: 0,
  change_seq: 1,
};

/** Client, currency and sums; amounts in pence or cents of the currency. */
export function headerRow({ client, currency, net, tax, paid }: Party): Row {
  const { name } = clientOf(client);
  const site = mainSite(client);
  const money = CURRENCIES.find((one) => one.id === currency);
  const due = (net + tax - paid) / 100;
  return {
    ...PLAIN,
    client_id: client,
    client_name: name,
    name,
    sitenumber: site.id,
    site_name: site.name,
    currency: money?.symbol ?? '',
    currency_code: currency,
    currency_conversion_rate: money?.rate ?? 1,
    amountpaid: paid / 100,
    amountdue: due,
    amount_remaining: due,
    total: (net + tax) / 100,
    tax_total: tax / 100,
    revenue: net / 100,
  };
}
