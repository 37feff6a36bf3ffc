const HALO_SETTINGS = [
  ...(['clientSecret', 'clientSecretFile'] as const),
  ...(['instanceUrl', 'clientId', 'tenant', 'authUrl', 'apiUrl'] as const),
];
export type HaloSetting = (typeof HALO_SETTINGS)[number];

/** What the environment may say of one Halo. */
export type HaloVariables = Partial<Record<HaloSetting, string>>;

/** The variable of a setting where there is one Halo: `HALO_INSTANCE_URL` of `instanceUrl`. */
export const variableOf = (setting: HaloSetting): string =>
  `HALO_${setting.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;

/** The variables that say something of a Halo, and not of which. */
export const NAMELESS: readonly string[] = HALO_SETTINGS.map(variableOf);

const SECRET = 'HALO_CLIENT_SECRET';
const SECRET_FILE = 'HALO_CLIENT_SECRET_FILE';

/** The variables of this environment that hold a secret, whosever it is. */
export const secretVariables = (env: NodeJS.ProcessEnv): string[] =>
  Object.keys(env).filter((name) => name === SECRET || (name.startsWith(`${SECRET}_`) && name !== SECRET_FILE));
