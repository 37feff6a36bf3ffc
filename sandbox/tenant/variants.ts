import { TEMPLATES, type Template } from './template-table.js';

/** The tenants of the sandbox. Two are in a state that spoils a whole book. */
export const TENANTS = {
  usual: 'a small MSP with a few faults in its books',
  drafts: 'the same one, which never posted an invoice',
  'lost-currency': 'the same one, with a recurring invoice in a currency that /Currency does not have',
  harsh:
    'the same one on a Halo that is hard to read: reopened tickets, two closed statuses, an agent filter that gives the whole queue, no account of hours, invoices that were never synced, costs that the role hides',
} as const;

export type TenantName = keyof typeof TENANTS;

/** The half-yearly web shop in euro, and the id of a currency that was deleted. */
const LOST = { template: -107, currency: 9 };

/** The recurring invoices of a tenant; their documents take the currency from them. */
export function templatesOf(name: TenantName): readonly Template[] {
  if (name !== 'lost-currency') return TEMPLATES;
  return TEMPLATES.map((one) => (one.id === LOST.template ? { ...one, currency: LOST.currency } : one));
}

/** True if the tenant's documents are posted when they are made. */
export const posts = (name: TenantName): boolean => name !== 'drafts';
