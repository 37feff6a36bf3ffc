/** Reads contracts: the list, then one by one those that it leaves in doubt. */
import { flagOf, isRow } from '../../core/index.js';
import { type Contract, keepContract, type RecurringInvoice } from '../index.js';
import { answeredInSlices } from './ask.js';
import { doubtful, isThin, type Question, renewed, successors, worthFirst } from './doubtful.js';
import type { Reader } from './reader.js';

const PATH = '/ClientContract';
const QUERY = { includeinactive: true };

/** The most contracts read one by one for one answer. */
const MOST_SINGLE = 200;

/** Up to this many reads of single contracts are cheaper than walking the whole list again. */
const MANY_READS = 40;

/** N1: the contracts of one book, and which of them came as thin rows. */
export class ContractReader {
  /** Contracts whose rows lacked what only a single read has, and whether Halo calls each expired. */
  readonly #thin = new Map<number, boolean>();
  #left = MOST_SINGLE;
  #unread = 0;

  constructor(
    private readonly reader: Reader,
    private readonly signal: AbortSignal,
  ) {}

  /** The list of contracts of these clients, or of all. */
  list(clients: readonly number[] | undefined): Promise<Contract[]> {
    return this.reader.perClient(clients, (client) =>
      this.reader.walk(PATH, 'contracts', QUERY, client, (row) => {
        const kept = keepContract(row);
        if (kept !== undefined && isRow(row) && isThin(row)) this.#thin.set(kept.id, flagOf(row.expired));
        return kept;
      }),
    );
  }

  /** Other clients' contracts that rows name, with all contracts of their owners: one may renew another. */
  async named(ids: readonly number[]): Promise<Contract[]> {
    const read = await this.reader.singles(PATH, ids, keepContract);
    const owners = [...new Set([...read.values()].map(({ client }) => client).filter((client) => client > 0))];
    const listed = owners.length === 0 ? [] : await this.list(owners);
    for (const id of read.keys()) this.#thin.delete(id);
    return [...read.values(), ...listed.filter(({ id }) => !read.has(id))];
  }

  /**
   * The contracts, with those that the list leaves in doubt replaced by single reads: first for what each is by itself,
   * then for what may have replaced it.
   * @param client whose contracts are in doubt; undefined for all
   */
  async judge(
    contracts: readonly Contract[],
    templates: readonly RecurringInvoice[],
    question: Question,
    client?: number,
  ): Promise<readonly Contract[]> {
    const lapsed = new Set([...this.#thin].filter(([, expired]) => expired).map(([id]) => id));
    const unsure = await answeredInSlices(() => doubtful(contracts, lapsed, templates, question), this.signal);
    const judged = await this.#reread(contracts, unsure);
    const asked = await answeredInSlices(() => renewed(judged, templates, question), this.signal);
    const candidates = (of: ReadonlySet<number>) => successors(judged, of).filter((id) => this.#thin.has(id));
    const sure = await this.#withoutSuccessor(judged, candidates(asked).length, client);
    const left = new Set([...asked].filter((id) => sure?.kept.has(id) !== true));
    const whole = await this.#between(await this.#reread(judged, candidates(left)), left);
    if (this.#unread > 0)
      this.reader.reasons.push(
        `ClientContract: ${this.#unread} contracts that may roll on, or that others may replace, were not read one by one`,
      );
    return sure === undefined
      ? whole
      : whole.map((one) => (left.has(one.id) && sure.gone.has(one.id) ? { ...one, renewed: true } : one));
  }

  /** Archived contracts that others renew; the contracts that these renewed are renewed, too. */
  async #between(contracts: readonly Contract[], of: ReadonlySet<number>): Promise<readonly Contract[]> {
    const owners = new Set(contracts.flatMap(({ id, client }) => (of.has(id) ? [client] : [])));
    const named = new Set(contracts.flatMap(({ client, previous }) => (owners.has(client) ? [previous] : [])));
    const unread = contracts.filter(({ id, archived }) => archived && named.has(id) && this.#thin.has(id));
    if (unread.length === 0) return contracts;
    return this.#between(
      await this.#reread(
        contracts,
        unread.map(({ id }) => id),
      ),
      of,
    );
  }

  /**
   * Which contracts nothing renews, by Halo's own switch: proved to work where fewer come with it. Asked only where it
   * saves more reads than its pages cost.
   */
  async #withoutSuccessor(contracts: readonly Contract[], reads: number, client: number | undefined) {
    if (reads <= (client === undefined ? MANY_READS : 2)) return undefined;
    const before = this.reader.reasons.length;
    const query = { ...QUERY, excluderenewed: true };
    const rows = await this.reader.walk(PATH, 'contracts', query, client, keepContract);
    if (this.reader.reasons.length > before) {
      this.reader.reasons.length = before; // the answer does not depend on it: the contracts are read one by one
      return undefined;
    }
    const kept = new Set(rows.map(({ id }) => id));
    const own = contracts.filter((one) => client === undefined || one.client === client);
    const gone = new Set(own.map(({ id }) => id).filter((id) => !kept.has(id)));
    return gone.size > 0 && kept.size + gone.size === own.length ? { kept, gone } : undefined;
  }

  /** Largest first; those beyond the limit are counted. */
  async #reread(contracts: readonly Contract[], ids: readonly number[]): Promise<readonly Contract[]> {
    const thin = worthFirst(
      contracts,
      ids.filter((id) => this.#thin.delete(id)),
    );
    const read = thin.slice(0, this.#left);
    this.#left -= read.length;
    this.#unread += thin.length - read.length;
    return this.reader.details(PATH, contracts, read, keepContract);
  }
}
