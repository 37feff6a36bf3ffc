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
    'Unbilled work, what an agreement earns an hour, prepaid time. What is unknown is called unknown, never 0.',
  tools: [uninvoicedTime, agreementProfit, prepaidBalances],
});
