import type { Prompt } from '../../core/index.js';

/** What an account manager or finance director asks before a review. */
export const revenueReview: Prompt = {
  name: 'client_revenue_review',
  title: 'Client revenue review',
  description: 'Recurring versus non-recurring revenue of one client, its trend by month, and what to look into.',
  tools: ['revenue_breakdown'],
  arguments: {
    client: { description: 'The client', complete: 'client' },
    period: { description: 'From when to when', otherwise: 'the last 12 complete months' },
  },
  text: [
    'Review the revenue of the client {client} over {period}.',
    'Call revenue_breakdown with client_name and group_by ["month"]; leave from and to out for the last 12 complete months.',
    'Tell: its statement in its own words; MRR and ARR; what was billed as recurring and as non-recurring with the share; how the months differ and where one stands out; each flag of severity high or medium with what to check in Halo.',
    'Take every figure as it is given and add none up yourself. Say so if the answer is not complete, and keep currencies apart.',
  ].join('\n'),
};

/** What is due for renewal. */
export const contractRenewals: Prompt = {
  name: 'contract_renewals',
  title: 'Contract renewals',
  description: 'The contracts that end soon, with what they are worth a month and whether anything bills them.',
  tools: ['list_contracts', 'get_contract'],
  arguments: {
    client: { description: 'Only this client', otherwise: 'all clients', complete: 'client' },
    days: { description: 'How far to look ahead, in days', otherwise: '90' },
  },
  text: [
    'Which contracts end within the next {days} days? Clients: {client}.',
    'Call list_contracts with status active and ending_before the day after that, once more with status expired, and with client_name if one client is named; follow next_page to the end.',
    'Give a table by end date: client, contract, end, monthly value, currency. Of the expired ones keep those that ended within the last 60 days: they may be running on unrenewed.',
    'Read the five of the highest monthly value with get_contract and say of each whether a recurring invoice bills it. Keep currencies apart.',
  ].join('\n'),
};

/** What a billing clerk does on Friday. */
export const weeklyBillingCheck: Prompt = {
  name: 'weekly_billing_check',
  title: 'Weekly billing check',
  description: 'What should have been billed and was not, drafts that wait, and invoices that are overdue.',
  tools: ['revenue_breakdown', 'list_recurring_invoices', 'list_invoices'],
  text: [
    "Check this week's billing.",
    '1. Call revenue_breakdown with its defaults and list its flags of severity high: what is wrong, at which client, and the amount.',
    '2. Call list_recurring_invoices, follow next_page to the end, and list those whose next_date is past: they should have run.',
    '3. Call list_invoices with kind all and posted draft: these wait to be posted.',
    '4. Call list_invoices with kind all, payment unpaid and columns ["due"], and list those that are due: client, number, amount_due, since when.',
    'End with a short list of what to do, the largest amounts first. Take every figure as it is given, and keep currencies apart.',
  ].join('\n'),
};
