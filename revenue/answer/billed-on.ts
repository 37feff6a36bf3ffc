/** What invoices say about the run rate on a past day, next to today's recurring invoices carried back to it. */
import type { Ledger } from '../ledger/ledger.js';
import { billedRunRateIn, LOOK_BACK_MONTHS } from '../trend/billed-run-rate.js';
import { decimalsOf } from '../values/currency.js';
import { money } from '../values/money.js';
import type { Steps } from '../values/steps.js';

export interface BilledOn {
  /** By currency, per month, as shown. */
  readonly rates: Readonly<Record<string, string>>;
  /** What could not be seen, in words; blank if nothing is missing. */
  readonly missing: string;
}

/** The billed run rate on `as_of` of the clients asked about; `fetchBook` reads the documents for it. */
export function* billedOn({ facts, params }: Pick<Ledger, 'facts' | 'params'>): Steps<BilledOn> {
  const { totals, unread, cut } = yield* billedRunRateIn(facts, params.as_of, { client: params.client_id });
  return {
    rates: Object.fromEntries([...totals].map(([code, { billed }]) => [code, money(billed, decimalsOf(code))])),
    missing: [
      unread.length > 0 ? `${unread.length} invoices of that day could not be read` : '',
      cut.length > 0
        ? `${cut.length} recurring invoices are billed less often than in ${LOOK_BACK_MONTHS} months, which is as far back as invoices are read`
        : '',
    ]
      .filter(Boolean)
      .join('; '),
  };
}

/** The sentence on it. */
export function billedOnSentence(day: string, { rates, missing }: BilledOn): string {
  const told = Object.entries(rates).map(([code, rate]) => `${code} ${rate}`);
  const said =
    told.length === 0
      ? `No invoice that was read has a service period that holds ${day}`
      : `Invoices whose service period holds ${day} bill ${told.join(' and ')} a month`;
  return `${said}${missing === '' ? '' : ` (${missing})`}.`;
}
