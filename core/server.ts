// The framework: a server of packs, a customer for each Halo, a session for each caller.
import { type Audit, checkAuditFile, createAudit } from './call/confirm/audit.js';
import { createWrites, type SharedWrites } from './call/confirm/writes.js';
import type { CallFacts } from './call/told.js';
import { Customer } from './customer.js';
import type { Log } from './define.js';
import { type Connection, HaloClient } from './halo/client.js';
import { connectionOf } from './halo/connection.js';
import type { PluginCard } from './load/card.js';
import { type Catalog, type CatalogEntry, checkNames, idleScopes, unionOf } from './load/catalog.js';
import { isLoaded, type Loaded, type LoadOptions, loadPacks, type Pack, type Skipped } from './load/load.js';
import { lineOf, type Narrowing } from './load/policy.js';
import { wantedBy } from './load/wanted.js';
import { secretTest } from './make/fields.js';
import { mapStrings } from './output/clean.js';
import type { Redactor } from './output/redact.js';
import { sentence } from './sentence.js';
import { type Session, sessionOf } from './session.js';
import { type CustomerSettings, type Settings, secretsOf, serversOf } from './settings.js';
import { sessionOfSeveral } from './several.js';
import type { Store } from './store/store.js';
import type { Tracer } from './trace/trace.js';

/** What the process provides besides the settings. */
export interface Parts extends Omit<LoadOptions, 'warn'> {
  log: Log;
  redactor: Redactor;
  /** How to reach a customer's Halo, if not by the settings (the sandbox). */
  connect?: ((customer: string) => Promise<Connection>) | undefined;
  /** What several servers share. */
  store?: Store | undefined;
  /** Where confirmations are remembered; by default the store's. */
  writes?: SharedWrites | undefined;
  /** The window over which Halo counts requests, if it is not the usual one. */
  windowMs?: number | undefined;
  /** Called after each call, whoever made it. */
  onCall?: ((facts: CallFacts) => void) | undefined;
  /** Traces the calls. */
  tracer?: Tracer | undefined;
}

/** Who opens a session, and what it may reach. */
export interface Who {
  /** The customer that the session is bound to, or those that it chooses from at each call. */
  customer: string | readonly string[];
  /** The caller's name: a confirmation is valid for nobody else, and the trail names it. */
  principal?: string | undefined;
  /** What it may use of the tools that are on. */
  narrow?: Narrowing | undefined;
}

/** The framework with its packs loaded: one per process, for all customers and callers. */
export interface Server {
  /** What the operator should know about the start. */
  warnings: readonly string[];
  /** The tools that may not change Halo as nobody allowed it, one sentence each. */
  resting: readonly string[];
  /** Settles when no plugin is still loading. */
  settled: Promise<void>;
  /** In the order of the settings. */
  customers: readonly string[];
  /** @throws Error for an unknown customer */
  open(who: Who): Session;
  /** @throws Error for an unknown customer */
  customer(name: string): Customer;
  /** The trail of changes. */
  audit: Audit;
}

/**
 * Loads the packs, each once, and connects them to each customer's Halo. Sends nothing to Halo yet.
 * @throws ConfigError if the settings name an unknown pack or tool, or the trail can't be kept
 */
export async function createServer(
  settings: Settings,
  { log, redactor, connect, onCall, tracer, store, writes: shared = store?.writes, windowMs, ...load }: Parts,
): Promise<Server> {
  const all = Object.values(settings.customers);
  for (const own of all) for (const secret of secretsOf(own)) redactor.remember(secret, 'secret', own.name);
  const warnings = new Set([
    ...settings.warnings,
    ...all.flatMap((one) => [...one.warnings, ...(one.corrected ?? [])]),
  ]);
  let warn = (warning: string): unknown => warnings.add(warning);

  const wanted = new Map(all.map((one) => [one.name, wantedBy(one, settings, load.bundled)]));
  const { here, late } = await loadPacks([...wanted.values()].flat(), settings, {
    ...load,
    warn: (warning) => void warn(warning),
  });

  /** The loaded packs with one customer's rules. */
  const share = (name: string, arrived: (key: string) => Loaded | Skipped | undefined): (Pack | Skipped)[] =>
    (wanted.get(name) ?? []).flatMap(({ key, tools, writing }) => {
      const one = arrived(key);
      return one === undefined ? [] : isLoaded(one) ? { ...gated(one, redactor), only: tools, writing } : one;
    });
  const clientOf = clients(settings, { log, redactor, connect, store, windowMs });
  const shelf = store?.shelf('lookups');
  const customers = all.map((own) => {
    const { name } = own;
    const shared = share(name, (key) => here.get(key));
    return new Customer({
      ...{ name, client: clientOf(own), log: all.length > 1 ? logFor(log, name) : log },
      timeZone: own.timeZone,
      ...(shelf !== undefined && { shelf }),
      policy: { exclude: own.exclude ?? settings.exclude, scopes: own.scopes ?? settings.scopes },
      packs: shared.filter((one) => isLoaded(one)),
      skipped: shared.flatMap((one) => (isLoaded(one) ? [] : one)),
    });
  });
  /** Asks for the scopes of all customers that share a token. */
  const ask = () => {
    for (const { client } of customers)
      client.ask(unionOf(customers.flatMap((one) => (one.client === client ? one.scopes : []))));
  };
  ask();

  const catalogs = () => customers.map(({ catalog }) => catalog);
  const off = () => catalogs().flatMap(whatIsOff);
  const idle = () => customers.flatMap(({ catalog, policy }) => idleScopes(catalog, policy.scopes ?? []));
  const strangers = async () => [...(await checkNames(catalogs(), load.bundled, settings)), ...idle()];
  const names = late.length > 0 ? await checkNames(catalogs(), load.bundled, settings, true) : await strangers();
  for (const warning of [...names, ...off()]) warnings.add(warning);
  const start = [...warnings];
  const resting = () => new Set(catalogs().flatMap(whatRests));
  const atRest = [...resting()];
  warn = (warning) => log.warn({}, warning);

  const add = (key: string, one: Loaded | Skipped) => {
    const [known, rested] = [new Set(off()), resting()];
    for (const customer of customers)
      for (const own of share(customer.name, (other) => (other === key ? one : undefined))) customer.add(own);
    ask();
    for (const warning of new Set(off())) if (!known.has(warning)) warn(warning);
    for (const rest of resting()) if (!rested.has(rest)) log.info({}, rest);
  };
  const settled = Promise.all(late.map(async ({ key, done }) => add(key, await done))).then(async () => {
    if (late.length === 0) return;
    for (const warning of await strangers().catch((error: Error) => [error.message])) warn(warning);
  });

  const customer = (name: string): Customer => {
    const found = customers.find((one) => one.name === name);
    if (found === undefined) throw new Error(`There is no customer "${name}" here.`);
    return found;
  };
  const isSecret = secretTest(settings.output.secretFields);
  const mayChange = catalogs().some(({ on }) => on.some(({ tool }) => tool.effect !== 'read'));
  if (mayChange && settings.audit?.file !== undefined) checkAuditFile(settings.audit.file);
  const writes = createWrites(createAudit(log, redactor, settings.audit?.file), shared, serversOf(settings) === 1);
  return {
    ...{ warnings: start, resting: atRest, settled, customer, audit: writes.audit },
    customers: customers.map(({ name }) => name),
    open({ customer: some, principal = '', narrow }) {
      const { bundled } = load;
      const { maxTokens, maxMinutes } = settings.output;
      const parts = {
        ...{ narrow, principal, writes, settled, redactor, isSecret, bundled, maxTokens, maxMinutes, tracer },
        ...(onCall !== undefined && { onCall: (facts: CallFacts) => onCall({ principal, ...facts }) }),
      };
      const [first, ...others] = [...new Set([some].flat())].map(customer);
      if (first === undefined) throw new Error('A session needs a customer.');
      return others.length === 0 ? sessionOf(first, parts) : sessionOfSeveral([first, ...others], parts);
    },
  };
}

/** Makes each customer's client. Customers with the same address and login share it, since Halo counts by login. */
function clients(
  settings: Settings,
  { log, redactor, connect, store, windowMs }: Pick<Parts, 'log' | 'redactor' | 'connect' | 'store' | 'windowMs'>,
) {
  const { customers } = settings;
  const loginOf = ({ name, urls, clientId, clientSecret }: CustomerSettings): string =>
    connect !== undefined || urls === undefined || clientId === undefined || clientSecret === undefined
      ? name
      : JSON.stringify([urls, clientId, clientSecret]);
  const known = new Map<string, HaloClient>();
  return (own: CustomerSettings): HaloClient => {
    const { name } = own;
    const login = loginOf(own);
    const sharing = Object.values(customers).filter((one) => loginOf(one) === login);
    const several = Object.keys(customers).length > 1;
    const client =
      known.get(login) ??
      new HaloClient({
        connect: connect === undefined ? async () => connectionOf(own) : () => connect(name),
        scopes: [],
        ...{ servers: serversOf(settings), store, windowMs },
        requestsPer5Minutes: Math.min(...sharing.map((one) => one.requestsPer5Minutes)),
        timeoutMs: Math.max(...sharing.map((one) => one.timeoutMs)),
        log: several ? logFor(log, sharing.map((one) => one.name).join(', ')) : log,
        remember: (secret, kind) => redactor.remember(secret, kind, name),
      });
    known.set(login, client);
    return client;
  };
}

/** The log with the customer's name on every line. */
function logFor(log: Log, customer: string): Log {
  const line = (level: keyof Log) => (facts: object, message: string) => log[level]({ customer, ...facts }, message);
  return { debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') };
}

/** A plugin's texts for the model and for people pass the gate, like everything that leaves. */
const gated = (one: Loaded, redactor: Redactor): Loaded =>
  one.bundled ? one : { ...one, card: mapStrings(one.card, redactor.redact) as PluginCard };

function whatIsOff(catalog: Catalog): string[] {
  const refused = catalog.entries.flatMap((entry) => {
    const { tool, verdict } = entry;
    if (verdict.on) return [];
    const isTold = verdict.why === 'invalid' || verdict.why === 'duplicate';
    return isTold || (verdict.why === 'read-only' && isWanted(entry, catalog))
      ? `${tool.name} is off: ${lineOf(verdict)}`
      : [];
  });
  return [
    ...catalog.skipped.map(({ use, reason }) => `The plugin "${use}" is skipped: ${sentence(reason)}`),
    ...refused,
  ];
}

/** True for a tool that the operator allowed to change Halo: it lacks something else. */
const isWanted = ({ tool, pack }: CatalogEntry, { packs }: Catalog): boolean =>
  packs.some(({ card, writing }) => card.name === pack && writing?.allowWrites.includes(tool.name));

/** The tools that change Halo and that the operator did not allow to, one sentence each. */
const whatRests = (catalog: Catalog): string[] =>
  catalog.entries.flatMap((entry) => {
    const { tool, verdict } = entry;
    if (verdict.on || verdict.why !== 'read-only' || isWanted(entry, catalog)) return [];
    return `${tool.name} is off: ${lineOf(verdict)}`;
  });
