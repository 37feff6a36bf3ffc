/** Where every leaf is posted, by client and currency. Sums are exact sums of rounded leaves. */
import type Big from 'big.js';
import { CLASSES, KINDS, type Kind, type LineClass } from '../rules/lineclass.js';
import { ZERO } from '../values/money.js';
import { Elsewhere } from './elsewhere.js';
import { Evidence } from './evidence.js';
import { FlagSet } from './flags.js';
import { DEFAULTS, type RowGroup } from './params.js';

/** The figures of one client in one currency. */
export interface Figures {
  mrr: Big;
  arr: Big;
  under_contract: Big;
  contract_only: Big;
  billed: Record<LineClass, { invoiced: Big; credited: Big }>;
  by_kind: Record<Kind, Big>;
  unposted: Big;
}

/** A row of `groups`. */
export interface GroupFigures {
  by: RowGroup;
  key: number | string | null;
  name: string;
  code: string;
  recurring: Big;
  non_recurring: Big;
  mrr: Big;
}

export type MonthFigures = Record<LineClass, Big>;

/** Everything posted for one client. */
export class Account {
  readonly figures = new Map<string, Figures>();
  readonly months = new Map<string, Map<string, MonthFigures>>();
  readonly groups = new Map<string, GroupFigures>();
  readonly flags = new FlagSet();
  readonly evidence: Evidence;
  /** Currencies in which something was counted, not merely seen. */
  readonly used = new Set<string>();

  constructor(
    readonly client: number,
    public name: string | undefined,
    evidenceCap: number,
  ) {
    this.evidence = new Evidence(evidenceCap);
  }

  in(code: string): Figures {
    const known = this.figures.get(code);
    if (known !== undefined) return known;
    const fresh = noFigures();
    this.figures.set(code, fresh);
    return fresh;
  }

  month(month: string, code: string): MonthFigures {
    const codes = this.months.get(month) ?? new Map<string, MonthFigures>();
    this.months.set(month, codes);
    const figures = codes.get(code) ?? { recurring: ZERO, non_recurring: ZERO };
    codes.set(code, figures);
    return figures;
  }

  group(by: RowGroup, key: number | string | null, name: string, code: string): GroupFigures {
    const id = JSON.stringify([by, key, code]);
    const known = this.groups.get(id) ?? { by, key, name, code, recurring: ZERO, non_recurring: ZERO, mrr: ZERO };
    if (name < known.name) known.name = name; // the same name in any order of rows
    this.groups.set(id, known);
    return known;
  }
}

/** The accounts of all clients that any row belongs to. */
export class Accounts {
  readonly all = new Map<number, Account>();
  readonly elsewhere = new Elsewhere();
  readonly #nameOf: (client: number) => string | undefined;
  readonly #evidenceCap: number;

  constructor(nameOf: (client: number) => string | undefined, evidenceCap: number = DEFAULTS.evidence_cap) {
    this.#nameOf = nameOf;
    this.#evidenceCap = evidenceCap;
  }

  of(client: number, sentName?: string): Account {
    const known = this.all.get(client) ?? new Account(client, this.#nameOf(client), this.#evidenceCap);
    if (this.#nameOf(client) === undefined && sentName !== undefined) {
      known.name = known.name === undefined || sentName < known.name ? sentName : known.name;
    }
    this.all.set(client, known);
    return known;
  }
}

export function noFigures(): Figures {
  return {
    mrr: ZERO,
    arr: ZERO,
    under_contract: ZERO,
    contract_only: ZERO,
    billed: {
      recurring: { invoiced: ZERO, credited: ZERO },
      non_recurring: { invoiced: ZERO, credited: ZERO },
    },
    by_kind: Object.fromEntries(KINDS.map((kind) => [kind, ZERO])) as Record<Kind, Big>,
    unposted: ZERO,
  };
}

/** invoiced + credited. */
export const netOfClass = ({ invoiced, credited }: Figures['billed'][LineClass]): Big => invoiced.plus(credited);

/** Everything billed, recurring and not, less credits. */
export const totalNet = ({ billed }: Figures): Big =>
  netOfClass(billed.recurring).plus(netOfClass(billed.non_recurring));

/** Adds one client's figures to a total. */
export function addFigures(total: Figures, more: Figures): void {
  total.mrr = total.mrr.plus(more.mrr);
  total.arr = total.arr.plus(more.arr);
  total.under_contract = total.under_contract.plus(more.under_contract);
  total.contract_only = total.contract_only.plus(more.contract_only);
  total.unposted = total.unposted.plus(more.unposted);
  for (const name of CLASSES) {
    const [sum, part] = [total.billed[name], more.billed[name]];
    sum.invoiced = sum.invoiced.plus(part.invoiced);
    sum.credited = sum.credited.plus(part.credited);
  }
  for (const kind of KINDS) total.by_kind[kind] = total.by_kind[kind].plus(more.by_kind[kind]);
}
