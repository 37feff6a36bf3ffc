/** What the environment may say of one Halo. */
export interface HaloVariables {
  instanceUrl?: string;
  clientId?: string;
  clientSecret?: string;
  clientSecretFile?: string;
  tenant?: string;
  authUrl?: string;
  apiUrl?: string;
}

export type HaloSetting = keyof HaloVariables;

/** The variable of a setting where there is one Halo: `HALO_INSTANCE_URL` of `instanceUrl`. */
export const variableOf = (setting: HaloSetting): string =>
  `HALO_${setting.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;

const SECRET = 'HALO_CLIENT_SECRET';
const SECRET_FILE = 'HALO_CLIENT_SECRET_FILE';

/** The variable of one customer's secret: its name in capitals, other characters as `_`. No two customers share one. */
export const secretVariable = (customer: string): string =>
  `${SECRET}_${customer.toUpperCase().replace(/[^A-Z0-9]/g, '_')}`;

/** The variables of this environment that hold a secret, whosever it is. */
export const secretVariables = (env: NodeJS.ProcessEnv): string[] =>
  Object.keys(env).filter((name) => name === SECRET || (name.startsWith(`${SECRET}_`) && name !== SECRET_FILE));
