import { placeholderIn } from './value.js';

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

/** Whether a setting is a secret, in which any character may stand. */
const isSecret = (setting: HaloSetting) => setting === 'clientSecret';

/** Why a variable can't be used that somebody was to fill in, as a sentence with its way out; undefined where it can. */
export function unfilled(variable: string, text: string, secret = false): string | undefined {
  const kind = placeholderIn(text, secret);
  return kind && `${variable} still holds ${kind}. Put the value itself in its place.`;
}

/** The variables that can be used, and why the others can't. */
export function usable(given: HaloVariables): { variables: HaloVariables; faults: string[] } {
  const all = Object.entries(given) as [HaloSetting, string][];
  const faultOf = ([setting, text]: [HaloSetting, string]) => unfilled(variableOf(setting), text, isSecret(setting));
  return {
    variables: Object.fromEntries(all.filter((one) => faultOf(one) === undefined)),
    faults: all.flatMap((one) => faultOf(one) ?? []),
  };
}
