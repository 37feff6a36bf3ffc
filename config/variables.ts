import { placeholderIn } from './value.js';

const HALO_SETTINGS = [
  ...(['clientSecret', 'clientSecretFile'] as const),
  ...(['instanceUrl', 'clientId', 'tenant', 'authUrl', 'apiUrl'] as const),
];
export type HaloSetting = (typeof HALO_SETTINGS)[number];

/** What the environment may say about one Halo. */
export type HaloVariables = Partial<Record<HaloSetting, string>>;

/** The variable of a setting if there is one Halo: `HALO_INSTANCE_URL` for `instanceUrl`. */
export const variableOf = (setting: HaloSetting): string =>
  `HALO_${setting.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;

/** The variables of a Halo that name no customer. */
export const NAMELESS: readonly string[] = HALO_SETTINGS.map(variableOf);

const SECRET = 'HALO_CLIENT_SECRET';
const SECRET_FILE = 'HALO_CLIENT_SECRET_FILE';

/** The variables of this environment that hold a secret of any customer. */
export const secretVariables = (env: NodeJS.ProcessEnv): string[] =>
  Object.keys(env).filter((name) => name === SECRET || (name.startsWith(`${SECRET}_`) && name !== SECRET_FILE));

/** True for a secret, which may contain any character. */
const isSecret = (setting: HaloSetting) => setting === 'clientSecret';

/** Why a variable with an unfilled placeholder can't be used, as a sentence with its way out; undefined if it can. */
export function unfilled(variable: string, text: string, secret = false): string | undefined {
  const kind = placeholderIn(text, secret);
  return kind && `${variable} still holds ${kind}. Put the value itself in its place.`;
}

/** The usable variables, and why the others are not. */
export function usable(given: HaloVariables): { variables: HaloVariables; faults: string[] } {
  const all = Object.entries(given) as [HaloSetting, string][];
  const faultOf = ([setting, text]: [HaloSetting, string]) => unfilled(variableOf(setting), text, isSecret(setting));
  return {
    variables: Object.fromEntries(all.filter((one) => faultOf(one) === undefined)),
    faults: all.flatMap((one) => faultOf(one) ?? []),
  };
}
