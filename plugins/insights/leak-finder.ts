/** What one leak is worth and what to look at; plus the one kind of leak that the engine has no flag for. */
import {
  billsOf,
  type Contract,
  codeOf,
  contractMonthly,
  contractsOf,
  daysBetween,
  decimalsOf,
  type Entity,
  entityOf,
  type Facts,
  IDLE,
  isBilled,
  type Link,
  type Monthly,
  openInTemplate,
  type RecurringInvoice,
  type Run,
  repeats,
  round,
  runOf,
  runsMissed,
  templateMonthly,
  type Unread,
} from '../../revenue/index.js';

/** The engine's own flags, and one that only this question raises. */
export const LEAKS = [
  'contract_no_recurring_invoice',
  'template_on_predecessor',
  'ri_past_next_date',
  'ri_no_next_date',
  'ri_on_expired_contract',
  'disabled_ri_live_contract',
  'inactive_client_active_ri',
] as const;
export type LeakKind = (typeof LEAKS)[number];

/** The worth of missed runs, in the currency of the leak (L4). */
export interface Lost {
  runs: number;
  amount: Monthly['amount'];
}

/** Looks up leaks in the facts of one day. */
export class Finder {
  readonly #templates: ReadonlyMap<number, RecurringInvoice>;

  /** @param late the last day that is known: what is due later is not missed */
  constructor(
    private readonly facts: Facts,
    private readonly day: string,
    private readonly late = day,
  ) {
    this.#templates = new Map(facts.templates.map((template) => [template.id, template]));
  }

  /** Disabled recurring invoices with a worth, whose contract is in force, to be invoiced, and unbilled. */
  disabled(): RecurringInvoice[] {
    return this.facts.templates.filter((template) => template.disabled && this.idleContracts(template).length > 0);
  }

  /** The contracts that a disabled recurring invoice would bill and that nothing else bills. */
  idleContracts(template: RecurringInvoice): number[] {
    return this.#ifEnabled(template).over_60_years.eq(0) ? [] : this.#left(template);
  }

  /**
   * Disabled recurring invoices of which it can't be read whether they leave a contract unbilled, or what that is worth.
   */
  doubtful(): (Unread & { readonly client: number })[] {
    return this.facts.templates.flatMap((template) => {
      const fields = openInTemplate(template, codeOf(template.currency, this.facts.currencies));
      const mayLeave = fields.some((field) => field.startsWith('contract_id')) || this.#left(template).length > 0;
      if (!template.disabled || fields.length === 0 || !mayLeave) return [];
      return [{ entity: entityOf('recurring_invoice', template.id), fields, client: template.client }];
    });
  }

  #ifEnabled(template: RecurringInvoice): Run {
    return runOf({ ...template, disabled: false }, this.day);
  }

  /** The contracts to be invoiced that it names and that nothing bills. */
  #left(template: RecurringInvoice): number[] {
    const { contracts, contract_states: states, billing } = this.facts;
    if (this.#ifEnabled(template).state === 'ended') return [];
    return contractsOf(template).filter(
      (id) => states.get(id) === 'in_force' && !isBilled(billing, id) && contracts.get(id)?.not_invoiced === false,
    );
  }

  /** Clients with active recurring invoices, where it can't be read whether they are inactive. */
  unsure(): number[] {
    const { templates, clients } = this.facts;
    const active = templates.filter((one) => runOf(one, this.day).state === 'active' && repeats(one.period));
    const owners = new Set(active.map(({ client }) => client));
    return [...clients.values()]
      .filter(({ id, inactive }) => inactive === undefined && owners.has(id))
      .map(({ id }) => id);
  }

  contract({ kind, id }: Entity): Contract | undefined {
    return kind === 'contract' ? this.facts.contracts.get(id) : undefined;
  }

  template({ kind, id }: Entity): RecurringInvoice | undefined {
    return kind === 'recurring_invoice' ? this.#templates.get(id) : undefined;
  }

  /** The monthly worth according to the engine; undefined if unknown. */
  valueOf(entity: Entity): Monthly | undefined {
    const { clients, currencies } = this.facts;
    const contract = this.contract(entity);
    if (contract !== undefined) return contractMonthly(contract, currencies, clients.get(contract.client));
    const template = this.template(entity);
    return template && templateMonthly(template, this.day, currencies);
  }

  /**
   * L4: missed runs times the amount of one, for a recurring invoice that is late, or stopped while its contract runs.
   */
  lostOf(kind: LeakKind, entity: Entity, code: string | undefined): Lost | undefined {
    const template = this.template(entity);
    if (template === undefined || code === undefined) return undefined;
    if (kind !== 'ri_past_next_date' && kind !== 'disabled_ri_live_contract') return undefined;
    const { net, unreadable } = runOf(template, this.day);
    const runs = runsMissed(template, this.late).length;
    return runs === 0 || unreadable ? undefined : { runs, amount: round(net, decimalsOf(code)).times(runs) };
  }

  /** What is wrong, with the days and ids to check; contains no text from Halo. */
  lookAt({ kind, entity }: { kind: LeakKind; entity: Entity }): string {
    const contract = this.contract(entity);
    if (contract !== undefined)
      return kind === 'template_on_predecessor' ? this.#replaced(contract) : this.#bare(contract);
    const template = this.template(entity);
    return template === undefined ? '' : this.#ofTemplate(kind, template);
  }

  /** L1: the reason, if recurring invoices name it but bill nothing. */
  #bare({ id, start }: Contract): string {
    const links = this.facts.billing.get(id) ?? [];
    const why = links.map((link) => `${link.template.id} ${described(link)}`).join(', ');
    const since = start === undefined ? '' : ` since ${start}`;
    return `In force${since}, and no active recurring invoice bills it${why === '' ? '' : `: ${why}`}.`;
  }

  #replaced({ id, start }: Contract): string {
    const links = billsOf(this.facts.billing, id);
    const templates = links.map(({ template }) => template.id).join(' and ');
    return `In force${start === undefined ? '' : ` since ${start}`}, and billed by ${templates} alone, which names contract ${links[0]?.through} that it renews.`;
  }

  #ofTemplate(kind: LeakKind, template: RecurringInvoice): string {
    const { next } = template;
    switch (kind) {
      case 'ri_past_next_date':
        return `Active, but its next date ${next} passed ${next === undefined ? 0 : daysBetween(next, this.late)} days ago.`;
      case 'ri_no_next_date':
        return 'Active, but it has no next date, so nothing makes its next invoice.';
      case 'ri_on_expired_contract':
        return `Active on ${contractsOf(template)
          .flatMap((id) => this.#endOf(id) ?? [])
          .join(' and ')}.`;
      case 'disabled_ri_live_contract':
        return idleWhile(this.idleContracts(template));
      case 'inactive_client_active_ri':
        return `Active for an inactive client${next === undefined ? '' : `; next date ${next}`}.`;
      default:
        return '';
    }
  }

  /** How a contract ended; undefined if it has not. */
  #endOf(id: number): string | undefined {
    const state = this.facts.contract_states.get(id);
    if (state === 'archived') return `contract ${id}, which is archived`;
    return state === 'ended' ? `contract ${id}, which ended on ${this.facts.contracts.get(id)?.end}` : undefined;
  }
}

const idleWhile = (contracts: readonly number[]): string =>
  contracts.length > 1
    ? `Disabled, while contracts ${contracts.join(' and ')} are in force and nothing else bills them.`
    : `Disabled, while contract ${contracts.join('')} is in force and nothing else bills it.`;

function described({ idle, through }: Link): string {
  const why = idle === undefined ? 'bills it' : IDLE[idle];
  return through === undefined ? `(${why})` : `(names contract ${through} that it renews; ${why})`;
}
