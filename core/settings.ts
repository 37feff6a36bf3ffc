/** All that the framework is told before it starts. Whoever reads files, flags or an environment makes these of them. */

/** One pack: its name, a path or an npm package, or an entry that narrows it or gives it options. */
export type PluginUse =
  | string
  | { use: string; tools?: string[] | undefined; options?: Record<string, unknown> | undefined };

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
  allowWrites: readonly string[];
  output: { maxTokens: number; secretFields: { add: readonly string[]; allow: readonly string[] } };
  /** What the operator should know, though the server starts. */
  warnings: readonly string[];
}

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
