import { definePlugin } from '../../core/index.js';
import { getContract } from './contract.js';
import { listContracts } from './contracts.js';
import { getInvoice, listInvoices } from './invoices.js';
import { contractRenewals, revenueReview, weeklyBillingCheck } from './prompts.js';
import { getRecurringInvoice, listRecurringInvoices } from './recurring-invoices.js';
import { revenueBreakdown } from './revenue-breakdown/index.js';

export default definePlugin({
  name: 'finance',
  apiVersion: 1,
  title: 'Finance',
  description: 'contracts, invoices, recurring invoices, revenue',
  instructions:
    'Money: revenue_breakdown answers recurring versus non-recurring, MRR and ARR; never add lists up yourself. Recurring invoices are templates (negative ids), invoices are what was billed, contracts may be billed by recurring invoices: never add those three. Amounts are net unless called gross.',
  tools: [
    listContracts,
    getContract,
    listInvoices,
    getInvoice,
    listRecurringInvoices,
    getRecurringInvoice,
    revenueBreakdown,
  ],
  prompts: [revenueReview, contractRenewals, weeklyBillingCheck],
});
