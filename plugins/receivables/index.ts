import { definePlugin } from '../../core/index.js';
import { arAgeing } from './ar-ageing.js';
import { statementOfAccount } from './statement-of-account.js';

export default definePlugin({
  name: 'receivables',
  apiVersion: 1,
  title: 'Receivables',
  description: 'who owes how much and how long, statements of account',
  instructions:
    'ar_ageing answers who owes us, how old it is and how late they pay; statement_of_account answers one client in a window. Amounts are with tax. Quote the statement.',
  tools: [arAgeing, statementOfAccount],
});
