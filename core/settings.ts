/** Everything that the framework is told before it starts, made from files, flags or an environment. */
import type { ReadScope } from './halo/scopes.js';

/** One pack: its name, a path or an npm package, or an entry that narrows it or gives it options. */
export type PluginUse =
  | string
  | ({
      use: string;
      tools?: readonly string[] | undefined;
      options?: Record<string, unknown> | undefined;
    } & { [Rule in keyof WritingRules]?: WritingRules[Rule] | undefined });

/** Which tools of a pack may change Halo, and who confirms each change. */
export interface WritingRules {
  /** The tools that may change Halo. */
  allowWrites: readonly string[];
  /** `person`: a client that can't ask one is refused. `preview`: nobody is asked. Undefined: depends on the client. */
  confirm?: 'person' | 'preview' | undefined;
  /** True if tools that make what a customer can see may do so, too. */
  allowCustomerVisible?: boolean | undefined;
}

/** The URLs of one Halo. */
export interface HaloUrls {
  /** The token endpoint, with the tenant as a query parameter if one is set. */
  token: string;
  /** The base URL of the API, without a trailing slash. */
  api: string;
}

/** A proxy on the way to a server. */
export interface ProxyServer {
  /** `http://proxy.example:3128`, without credentials. */
  url: string;
  /** `user:password`, a secret. */
  credentials?: string | undefined;
  /** The variable that it comes from. */
  variable: string;
}

/** The proxy for an address; undefined for a direct connection; a sentence with a remedy if the proxy can't be used. */
export type WayTo = (address: string) => ProxyServer | string | undefined;

/** One Halo, and what its operator turned on for it. */
export interface CustomerSettings {
  /** `^[a-z][a-z0-9-]{0,39}$`; `default` if there is only one. */
  name: string;
  /** Undefined if no address was given. */
  urls: HaloUrls | undefined;
  /** The proxies on the way to either address, if any. */
  proxies?: { readonly token?: ProxyServer; readonly api?: ProxyServer } | undefined;
  clientId: string | undefined;
  clientSecret: string | undefined;
  requestsPer5Minutes: number;
  timeoutMs: number;
  /** The IANA name of the time zone of its days; the machine's by default. */
  timeZone?: string | undefined;
  /** Replaces the general packs. */
  plugins?: readonly PluginUse[] | undefined;
  exclude?: readonly string[] | undefined;
  /** Replaces the general further scopes. */
  scopes?: readonly ReadScope[] | undefined;
  /** What the operator should know about it, though the server starts. */
  warnings: readonly string[];
  /** What was corrected in its addresses, one sentence each. */
  corrected?: readonly string[] | undefined;
  /** What its config leaves open, one sentence each: placeholders and values of an example. */
  unfilled?: readonly string[] | undefined;
  /** Why it can't be used, one sentence each with its way out: values that were given but are invalid. */
  faults?: readonly string[] | undefined;
}

/** The settings of one server. Paths are absolute. */
export interface Settings {
  /** The config file; undefined if the defaults apply. */
  file: string | undefined;
  /** True if the operator named the file: only then may packages beside it be loaded. */
  named: boolean;
  /** The directory that relative plugin paths start from. */
  directory: string;
  /** By name; never empty. */
  customers: Readonly<Record<string, CustomerSettings>>;
  /** The packs that are on; undefined for the default ones. */
  plugins: readonly PluginUse[] | undefined;
  exclude: readonly string[];
  /** The scopes to ask for besides those that the tools need. */
  scopes: readonly ReadScope[];
  /** The trail of changes, besides the log. */
  audit?: { file?: string | undefined } | undefined;
  output: {
    maxTokens: number;
    maxMinutes?: number | undefined;
    secretFields: { add: readonly string[]; allow: readonly string[] };
  };
  /** How many servers use the same logins at most; undefined if not given. */
  replicas?: number | undefined;
  /** The store that they share. */
  store?: StoreOptions | undefined;
  /** What the operator should know, though the server starts. */
  warnings: readonly string[];
}

/** How a store is reached. */
export interface StoreOptions {
  /** `redis://` or `rediss://`, with user, password and database number if needed. */
  url: string;
  /** 32 bytes, for encryption and signatures. */
  key?: Buffer | undefined;
}

/** With a store there are several servers: this many if no number was given. */
const SERVERS_WITH_STORE = 2;

/** How many servers have to divide a limit that they can't count together. */
export const serversOf = ({ replicas, store }: Pick<Settings, 'replicas' | 'store'>): number =>
  replicas ?? (store === undefined ? 1 : SERVERS_WITH_STORE);

/** The secrets of a customer: the client secret, and the login of each proxy. */
export const secretsOf = ({ clientSecret, proxies }: Pick<CustomerSettings, 'clientSecret' | 'proxies'>): string[] => [
  ...(clientSecret === undefined ? [] : [clientSecret]),
  ...[proxies?.token, proxies?.api].flatMap(loginOf),
];

/** The login of a proxy in each of its forms. */
export const loginOf = (proxy: ProxyServer | undefined): string[] => {
  const login = proxy?.credentials;
  return login === undefined ? [] : [login, login.slice(login.indexOf(':') + 1)];
};

/** The variable of a customer's secret: its name in capitals, other characters as `_`. No two customers share one. */
export const secretVariable = (customer: string): string =>
  `HALO_CLIENT_SECRET_${customer.toUpperCase().replace(/[^A-Z0-9]/g, '_')}`;

/** The customer's name if there is only one. */
export const ONLY_CUSTOMER = 'default';
