import { definePlugin } from '../../core/index.js';
import { agreementProfit } from './agreement-profit.js';
import { prepaidBalances } from './prepaid-balances.js';
import { uninvoicedTime } from './uninvoiced-time.js';

export default definePlugin({
  name: 'agreements',
  apiVersion: 1,
  title: 'Agreements',
  description: 'unbilled time, profit of agreements, prepaid time',
  instructions:
    'uninvoiced_time answers what work waits for its invoice, agreement_profit what an agreement earns an hour, prepaid_balances what is left of prepaid time. Quote the statement; what is not known is said and never taken for 0.',
  tools: [uninvoicedTime, agreementProfit, prepaidBalances],
});
