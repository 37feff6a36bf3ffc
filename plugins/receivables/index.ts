import { definePlugin } from '../../core/index.js';
import { arAgeing } from './ar-ageing.js';
import { statementOfAccount } from './statement-of-account.js';

export default definePlugin({
  name: 'receivables',
  apiVersion: 1,
  title: 'Receivables',
  description: 'who owes how much and how long, statements of account',
  instructions: 'ar_ageing: who owes us, how old, how late they pay. Amounts are with tax; quote the statement.',
  tools: [arAgeing, statementOfAccount],
});
