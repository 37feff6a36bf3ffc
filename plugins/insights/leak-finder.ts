/** What one leak is worth and what to look at; and the one kind of leak that the engine has no flag for. */
import {
  type Contract,
  contractMonthly,
  contractsOf,
  daysBetween,
  type Entity,
  type Facts,
  type Monthly,
  type RecurringInvoice,
  runOf,
  templateMonthly,
} from '../../revenue/index.js';

/** Four of the engine's own flags, and one that only this question asks for. */
export const LEAKS = [
  'contract_no_recurring_invoice',
  'ri_past_next_date',
  'ri_on_expired_contract',
  'disabled_ri_live_contract',
  'inactive_client_active_ri',
] as const;
export type LeakKind = (typeof LEAKS)[number];

/** Looks leaks up in the facts of one day. */
export class Finder {
  readonly #templates: ReadonlyMap<number, RecurringInvoice>;
  /** Contracts that an active recurring invoice bills. */
  readonly #billed: ReadonlySet<number>;

  constructor(
    private readonly facts: Facts,
    private readonly day: string,
  ) {
    this.#templates = new Map(facts.templates.map((template) => [template.id, template]));
    const active = facts.templates.filter((template) => runOf(template, day).state === 'active');
    this.#billed = new Set(active.flatMap(contractsOf));
  }

  /** Disabled recurring invoices worth something whose contract is in force, to be invoiced, and billed by nothing. */
  disabled(): RecurringInvoice[] {
    return this.facts.templates.filter((template) => template.disabled && this.#idle(template).length > 0);
  }

  /** Worth a month, by the engine; nothing where it can't be told. */
  valueOf(entity: Entity): Monthly | undefined {
    const { clients, currencies } = this.facts;
    const contract = this.#contract(entity);
    if (contract !== undefined) return contractMonthly(contract, currencies, clients.get(contract.client));
    const template = this.#template(entity);
    return template && templateMonthly(template, this.day, currencies);
  }

  /** What is wrong, with the days and ids to check; no text of Halo's in it. */
  lookAt({ kind, entity }: { kind: LeakKind; entity: Entity }): string {
    if (kind === 'contract_no_recurring_invoice') {
      const start = this.#contract(entity)?.start;
      return `In force${start === undefined ? '' : ` since ${start}`}, and no active recurring invoice bills it.`;
    }
    const template = this.#template(entity);
    return template === undefined ? '' : this.#ofTemplate(kind, template);
  }

  #contract({ kind, id }: Entity): Contract | undefined {
    return kind === 'contract' ? this.facts.contracts.get(id) : undefined;
  }

  #template({ kind, id }: Entity): RecurringInvoice | undefined {
    return kind === 'recurring_invoice' ? this.#templates.get(id) : undefined;
  }

  #ofTemplate(kind: Exclude<LeakKind, 'contract_no_recurring_invoice'>, template: RecurringInvoice): string {
    const { next } = template;
    switch (kind) {
      case 'ri_past_next_date':
        return `Active, but its next date ${next} passed ${this.#daysSince(next)} days ago.`;
      case 'ri_on_expired_contract':
        return `Active on ${contractsOf(template)
          .flatMap((id) => this.#endOf(id) ?? [])
          .join(' and ')}.`;
      case 'disabled_ri_live_contract':
        return `Disabled, while contract ${this.#idle(template).join(' and ')} is in force and nothing else bills it.`;
      case 'inactive_client_active_ri':
        return `Active for an inactive client${next === undefined ? '' : `; next date ${next}`}.`;
    }
  }

  #idle(template: RecurringInvoice): number[] {
    const { contracts, contract_states: states } = this.facts;
    const run = runOf({ ...template, disabled: false }, this.day);
    if (run.state === 'ended' || run.over_60_years.eq(0)) return [];
    return contractsOf(template).filter(
      (id) => states.get(id) === 'in_force' && !this.#billed.has(id) && contracts.get(id)?.not_invoiced === false,
    );
  }

  /** How a contract came to be over; undefined for one that is not. */
  #endOf(id: number): string | undefined {
    const state = this.facts.contract_states.get(id);
    if (state === 'archived') return `contract ${id}, which is archived`;
    return state === 'ended' ? `contract ${id}, which ended on ${this.facts.contracts.get(id)?.end}` : undefined;
  }

  #daysSince(day: string | undefined): number {
    return day === undefined ? 0 : daysBetween(day, this.day);
  }
}
