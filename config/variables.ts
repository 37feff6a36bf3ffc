import { nearest } from '../core/nearest.js';
import { holdsHaloSecret, isClientId, looksSecret } from '../core/secret-form.js';
import { shown } from '../core/shown.js';
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

/** What follows HALO_MCP_ in the other variables of this server. */
const OTHERS = ['CONFIG', 'CUSTOMER', 'LOG_LEVEL', 'REPLICAS', 'STORE', 'STORE_KEY'];

/** What people call a variable, after HALO, HALOPSA and the like. */
const MEANT: readonly [RegExp, HaloSetting][] = [
  [/SECRET|PASSWORD|API_?KEY/, 'clientSecret'],
  [/URL|HOST|INSTANCE|DOMAIN|ADDRESS|SERVER/, 'instanceUrl'],
  [/(?:CLIENT|APP|APPLICATION|API)_?ID|^ID$|^CLIENT$/, 'clientId'],
];

/**
 * Warnings of variables that nobody reads and that seem to be meant as one of ours.
 * @param lacked the settings that no variable and no config gives
 */
export function nearMisses(env: NodeJS.ProcessEnv, lacked: readonly HaloSetting[]): string[] {
  const known = [...NAMELESS, ...secretVariables(env), ...OTHERS.map((word) => `HALO_MCP_${word}`)];
  return Object.keys(env).flatMap((name) => {
    const [, ours, word] = /^HALO(?:_?(?:PSA|ITSM|(MCP)))?_?(.+)$/.exec(name.toUpperCase()) ?? [];
    if (word === undefined || known.includes(name) || !env[name]) return [];
    const setting = MEANT.find(([words]) => words.test(word))?.[1];
    const other = ours && nearest(word, OTHERS);
    const meant = setting && lacked.includes(setting) ? variableOf(setting) : other && `HALO_MCP_${other}`;
    return meant ? [`${shown(name)} is not read: the variable is ${meant}.`] : [];
  });
}

/** True for a secret, which may contain any character. */
const isSecret = (setting: HaloSetting) => setting === 'clientSecret';

/** Why a variable with an unfilled placeholder can't be used, as a sentence with its way out; undefined if it can. */
export function unfilled(variable: string, text: string, secret = false): string | undefined {
  const kind = placeholderIn(text, secret);
  return kind && `${variable} still holds ${kind}. Put the value itself in its place.`;
}

/**
 * Why a setting can't be used: its value is a placeholder, or a secret where none belongs; undefined if it can.
 * @param place what the sentence calls it: its variable, or where it is in the config
 */
export function unusable(setting: HaloSetting, text: string, place: string = variableOf(setting)): string | undefined {
  const fault = unfilled(place, text, isSecret(setting));
  // A file that is named by a secret is reported when it is read.
  if (fault !== undefined || setting.startsWith('clientSecret') || !holdsHaloSecret(text)) return fault;
  return `${place} holds what looks like a client secret. Put the secret into ${SECRET}, or into a file that ${SECRET_FILE} names; if it is swapped with the client id, each belongs in the place of the other.`;
}

/** The warning of a client id that has another form than Halo's, and may be a secret. */
export const oddId = (id: string, place: string): string | undefined =>
  isClientId(id) || !looksSecret(id)
    ? undefined
    : `${place} has not the form of Halo's client ids (a GUID): it may be swapped with the secret.`;

/**
 * The usable settings, and why the others are not.
 * @param nameOf what a sentence calls a setting: its variable, unless it comes from elsewhere
 */
export function usable(
  given: HaloVariables,
  nameOf: (setting: HaloSetting) => string = variableOf,
): { variables: HaloVariables; faults: string[] } {
  const all = Object.entries(given) as [HaloSetting, string][];
  const faultOf = ([setting, text]: [HaloSetting, string]) => unusable(setting, text, nameOf(setting));
  return {
    variables: Object.fromEntries(all.filter((one) => faultOf(one) === undefined)),
    faults: all.flatMap((one) => faultOf(one) ?? []),
  };
}
