/** All that the framework is told before it starts. Whoever reads files, flags or an environment makes these of them. */

/** One pack: its name, a path or an npm package, or an entry that narrows it or gives it options. */
export type PluginUse =
  | string
  | ({
      use: string;
      tools?: readonly string[] | undefined;
      options?: Record<string, unknown> | undefined;
    } & { [Rule in keyof WritingRules]?: WritingRules[Rule] | undefined });

/** What of a pack may change Halo, and who says yes to each change. */
export interface WritingRules {
  /** The tools that may. */
  allowWrites: readonly string[];
  /** `person`: a client that can't ask one is refused. `preview`: nobody is asked. Undefined: as the client can. */
  confirm?: 'person' | 'preview' | undefined;
  /** True where also those may that make what a customer can see. */
  allowCustomerVisible?: boolean | undefined;
}

/** Where one Halo answers. */
export interface HaloUrls {
  /** Token endpoint, with the tenant as a query parameter where one is set. */
  token: string;
  /** Base of the API, without a slash at its end. */
  api: string;
}

/** A proxy on the way to Halo. */
export interface ProxyServer {
  /** `http://proxy.example:3128`, without credentials. */
  url: string;
  /** `user:password`, a secret. */
  credentials?: string | undefined;
  /** The variable that names it. */
  variable: string;
}

/** One Halo, and what its operator turned on for it. */
export interface CustomerSettings {
  /** `^[a-z][a-z0-9-]{0,39}$`; `default` where there is only one. */
  name: string;
  /** Undefined where no address was given. */
  urls: HaloUrls | undefined;
  /** Where the way to one of them leads through a proxy. */
  proxies?: { readonly token?: ProxyServer; readonly api?: ProxyServer } | undefined;
  clientId: string | undefined;
  clientSecret: string | undefined;
  requestsPer5Minutes: number;
  timeoutMs: number;
  /** The IANA name of the zone whose days are meant; the machine's where it is left out. */
  timeZone?: string | undefined;
  /** In place of the general ones. */
  plugins?: readonly PluginUse[] | undefined;
  exclude?: readonly string[] | undefined;
  /** What the operator should know of it, though the server starts. */
  warnings: readonly string[];
  /** What was put right in its addresses, a sentence each. */
  corrected?: readonly string[] | undefined;
  /** Why it can't be asked, a sentence with its way out each: values that were given and can't be used. */
  faults?: readonly string[] | undefined;
}

/** The settings of one server. Paths are absolute. */
export interface Settings {
  /** The config file, or undefined where the defaults serve. */
  file: string | undefined;
  /** True where the operator named the file: only then may packages beside it be loaded. */
  named: boolean;
  /** Directory that relative plugin paths start from. */
  directory: string;
  /** By name; never empty. */
  customers: Readonly<Record<string, CustomerSettings>>;
  /** The packs that are on; undefined for those that are on by default. */
  plugins: readonly PluginUse[] | undefined;
  exclude: readonly string[];
  /** The trail of what is changed, beside the log. */
  audit?: { file?: string | undefined } | undefined;
  output: {
    maxTokens: number;
    maxMinutes?: number | undefined;
    secretFields: { add: readonly string[]; allow: readonly string[] };
  };
  /** How many servers ask with the same logins at most; undefined where nobody said. */
  replicas?: number | undefined;
  /** What they share. */
  store?: StoreOptions | undefined;
  /** What the operator should know, though the server starts. */
  warnings: readonly string[];
}

/** How a store is reached. */
export interface StoreOptions {
  /** `redis://` or `rediss://`, with user, password and the number of the database where there are any. */
  url: string;
  /** Of 32 bytes: what is encrypted and signed with. */
  key?: Buffer | undefined;
}

/** With a store there are several; so many where nobody said how many. */
const SERVERS_WITH_STORE = 2;

/** Among how many servers a limit is divided that they can't count together. */
export const serversOf = ({ replicas, store }: Pick<Settings, 'replicas' | 'store'>): number =>
  replicas ?? (store === undefined ? 1 : SERVERS_WITH_STORE);

/** What of a customer must never leave: the client secret, and the login of each proxy as it may be written. */
export function secretsOf({ clientSecret, proxies }: Pick<CustomerSettings, 'clientSecret' | 'proxies'>): string[] {
  const logins = [proxies?.token, proxies?.api].flatMap((proxy) => proxy?.credentials ?? []);
  const password = (login: string) => login.slice(login.indexOf(':') + 1);
  return [...(clientSecret === undefined ? [] : [clientSecret]), ...logins.flatMap((one) => [one, password(one)])];
}

/** The variable of one customer's secret: its name in capitals, other characters as `_`. No two customers share one. */
export const secretVariable = (customer: string): string =>
  `HALO_CLIENT_SECRET_${customer.toUpperCase().replace(/[^A-Z0-9]/g, '_')}`;

/** The name of the customer where there is only one. */
export const ONLY_CUSTOMER = 'default';
