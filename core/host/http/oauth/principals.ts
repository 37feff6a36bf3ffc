import type { Log } from '../../../logger.js';
import type { Server } from '../../../server.js';
import { customersOf, type NotHere, type Principal, principalOf } from '../principal.js';
import type { Claims, OAuthOptions } from './options.js';
import { ruleOf } from './rules.js';

/** The most that are remembered; beyond that, those not heard from for longest start afresh. */
const MOST = 10_000;
const SWEEP_MS = 1_000;

interface Held {
  principal: Principal;
  /** When the last of its tokens ends, in epoch milliseconds. */
  until: number;
  end: () => void;
}

/** Who has signed in: one principal for each subject and rule, for as long as one of its tokens lasts. */
export class Principals {
  readonly #held = new Map<string, Held>();
  readonly #alarm = setInterval(() => this.#sweep(), SWEEP_MS).unref();

  constructor(
    private readonly server: Server,
    private readonly options: Pick<OAuthOptions, 'issuer' | 'rules'>,
    private readonly log: Log,
  ) {}

  /** The principal for claims that were verified. */
  of(claims: Claims): Principal | NotHere {
    const { rules, issuer } = this.options;
    const rule = ruleOf(claims, rules);
    const name = `${claims.sub}@${new URL(issuer).host}`;
    if (rule === undefined) {
      this.log.info({ principal: name }, 'signed in, but no rule in "http.oauth.rules" matches');
      return { notHere: 'You have signed in, but no rule of this server is for you. Ask whoever runs it.' };
    }
    const customer = customersOf(rule, this.server.customers);
    if ('notHere' in customer) {
      this.log.warn({ principal: name }, `A rule of "http.oauth.rules" does not apply here: ${customer.notHere}`);
      return { notHere: 'You have signed in, but no customer of this server is yours. Ask whoever runs it.' };
    }
    const key = `${rules.indexOf(rule)} ${claims.sub}`;
    const until = Number(claims.exp) * 1000;
    const { packs, tools } = rule;
    const held = this.#held.get(key) ?? this.#begin(name, { customer, narrow: { packs, tools } });
    held.until = Math.max(held.until, until);
    this.#held.delete(key);
    this.#held.set(key, held);
    const [oldest] = this.#held.keys();
    if (this.#held.size > MOST && oldest !== undefined) this.#end(oldest);
    return held.principal;
  }

  close(): void {
    clearInterval(this.#alarm);
    for (const key of this.#held.keys()) this.#end(key);
  }

  #begin(name: string, who: { customer: readonly string[]; narrow: object }): Held {
    const ended = new AbortController();
    const principal = principalOf(this.server, { ...who, principal: name }, ended.signal);
    return { principal, until: 0, end: () => ended.abort() };
  }

  #sweep(): void {
    const now = Date.now();
    for (const [key, { until }] of this.#held) if (until <= now) this.#end(key);
  }

  #end(key: string): void {
    this.#held.get(key)?.end();
    this.#held.delete(key);
  }
}
