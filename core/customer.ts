import { Turns } from './call/turns.js';
import type { Log } from './define.js';
import type { HaloClient } from './halo/client.js';
import { Learned } from './halo/learned.js';
import { Lookups } from './halo/lookups.js';
import type { Scope } from './halo/scopes.js';
import { type Catalog, catalogOf } from './load/catalog.js';
import { isLoaded, type Pack, type Skipped } from './load/load.js';
import type { Narrowing, Policy } from './load/policy.js';
import type { Shelf } from './store/shelf.js';
import { machineZone, type Zone, zoneOf } from './zone.js';

/** What a customer is made of. */
export interface CustomerParts {
  name: string;
  client: HaloClient;
  log: Log;
  /** IANA name of its time zone; without one, the machine's. */
  timeZone?: string | undefined;
  policy: Policy;
  packs: Pack[];
  skipped: Skipped[];
  /** Where other servers find its lookups. */
  shelf?: Shelf | undefined;
}

/** One Halo: its packs, and everything that is learned from it or spent on it. */
export class Customer {
  readonly name: string;
  /** Shared by customers with the same address and login, since Halo counts by login. */
  readonly client: HaloClient;
  readonly lookups: Lookups;
  /** Page caps, and which filters Halo obeys. */
  readonly learned = new Learned();
  /** Its running and waiting calls, over all sessions. */
  readonly turns = new Turns();
  readonly log: Log;
  readonly policy: Policy;
  readonly #timeZone: string | undefined;
  #zone: Zone | undefined;
  #catalog: Catalog;

  constructor({ name, client, log, timeZone, policy, packs, skipped, shelf }: CustomerParts) {
    this.name = name;
    this.client = client;
    this.log = log;
    this.#timeZone = timeZone;
    this.policy = policy;
    this.lookups = new Lookups(client, shelf);
    this.#catalog = catalogOf(packs, skipped, policy);
  }

  /** The time zone of its days. Made at the first call, because the first use of Intl takes 10 ms and 8 MiB. */
  get zone(): Zone {
    this.#zone ??= zoneOf(this.#timeZone ?? machineZone());
    return this.#zone;
  }

  /** The catalog as it is now: slow plugins come later. */
  get catalog(): Catalog {
    return this.#catalog;
  }

  /** What the enabled tools need. */
  get scopes(): readonly Scope[] {
    return this.#catalog.scopes;
  }

  /** The catalog for a caller who may use less. */
  narrowed(narrow: Narrowing): Catalog {
    const { packs, skipped } = this.#catalog;
    return catalogOf(packs, skipped, { ...this.policy, narrow });
  }

  /** Adds a plugin that loaded, or failed to, after the others. */
  add(one: Pack | Skipped): void {
    const { packs, skipped } = this.#catalog;
    this.#catalog = isLoaded(one)
      ? catalogOf([...packs, one], skipped, this.policy)
      : catalogOf(packs, [...skipped, one], this.policy);
  }
}
