import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { ConfigFile, didYouMean, filledIn, secretVariable, unquoted } from '../../config/index.js';
import { readSecret } from '../../config/secret.js';
import { readAddress } from '../../config/urls.js';
import { type HaloSetting, unfilled, unusable, variableOf } from '../../config/variables.js';
import { looksSecret } from '../../core/secret-form.js';
import { lineOf } from '../doctor/finding.js';
import { glance } from '../doctor/glance.js';
import { bundled, byDefault } from '../packs.js';
import { UsageError } from '../print.js';
import { CLIENTS, type ClientName } from './clients.js';
import { checkCustomer } from './customer.js';
import type { Questions } from './questions.js';

/** The command line flags of init. */
export interface InitFlags {
  instanceUrl?: string;
  clientId?: string;
  packs?: string;
  exclude?: string;
  maxTokens?: string;
  secretFile?: string;
  secretEnv?: boolean;
  client?: string;
  /** Adds this customer to the config. */
  customer?: string;
  name?: string;
  config: string;
  write?: boolean;
  overwrite?: boolean;
  yes?: boolean;
  doctor: boolean;
  /** For a team: an address, or true for the default one. */
  http?: string | true;
  publicUrl?: string;
  token?: string;
}

/** All that init needs to know. */
export interface Answers {
  instanceUrl: string;
  /** What was corrected in the address. */
  corrected: string | undefined;
  clientId: string;
  packs: string[];
  exclude: string[];
  maxTokens: number | undefined;
  /** The file of the secret, or undefined for the environment. `newSecret` is to be written there. */
  secretFile: string | undefined;
  newSecret: string | undefined;
  client: ClientName | undefined;
  /** True to change the client's configuration, not only show it. */
  write: boolean;
}

/** What init knows before it asks anything. */
export interface Setting {
  /** True if a config exists and stays: init then does not ask for packs. */
  kept: boolean;
  /** The scopes to tick for these packs, or for those of the config that stays. */
  scopesOf(packs: readonly string[]): Promise<string[]>;
}

/**
 * Takes each answer from its flag, the environment, or the person, in that order. Flags are checked like answers.
 * @throws UsageError if a flag is wrong, or is missing and there is nobody to ask
 */
export async function answersOf(
  flags: InitFlags,
  env: NodeJS.ProcessEnv,
  ask: Questions | undefined,
  { kept, scopesOf }: Setting,
): Promise<Answers> {
  if (flags.customer !== undefined) checkCustomer(flags.customer);
  // A variable without a customer's name may belong to another customer.
  const known = flags.customer === undefined ? env : {};
  const value = (name: string) => unquoted(known[name] ?? '') || undefined;
  const instanceUrl =
    flags.instanceUrl ?? (await address(value('HALO_INSTANCE_URL'), ask)) ?? value('HALO_INSTANCE_URL');
  const named = flags.packs === undefined ? (kept ? undefined : await ask?.packs()) : listOf(flags.packs);
  const packs = checkPacks(named ?? [...byDefault]);
  // They come first: creating the application needs them, and it yields the client ID and the secret.
  ask?.scopes(await scopesOf(packs));
  const clientId = flags.clientId ?? (await ask?.clientId(value('HALO_CLIENT_ID'))) ?? value('HALO_CLIENT_ID');
  const client = clientOf(flags.client ?? (await ask?.client()));
  if (flags.write && client === undefined && (ask === undefined || flags.client !== undefined))
    throw new UsageError(
      `--write changes a client's configuration, and none is named. Add --client NAME (${Object.keys(CLIENTS).join(', ')}), or leave out --write to see the block.`,
    );
  const place = await secretPlace(flags, client, env, ask);
  const secretFile = place === undefined ? undefined : checkPlace(resolve(place));
  const isNew = secretFile !== undefined && !existsSync(secretFile);
  const variable = secretName(flags.customer);
  const { url, corrected } = readUrl(needed(instanceUrl, '--instance-url https://yourcompany.halopsa.com'));
  return {
    ...{ instanceUrl: url, corrected },
    clientId: checked('clientId', needed(clientId, '--client-id ID')),
    packs,
    exclude: listOf(flags.exclude ?? ''),
    maxTokens: flags.maxTokens === undefined ? undefined : checkTokens(flags.maxTokens),
    secretFile,
    newSecret: isNew
      ? filled(variable, needed(unquoted(env[variable] ?? '') || (await ask?.secret(secretFile)), noSecret(variable)))
      : undefined,
    client,
    write: client !== undefined && (flags.write ?? (await ask?.write(CLIENTS[client].file())) ?? false),
  };
}

/** Asks for the address and tries it out: a host that is not a Halo is usually a typo. */
async function address(given: string | undefined, ask: Questions | undefined): Promise<string | undefined> {
  for (let known = given; ask !== undefined; ) {
    const { url, corrected } = readUrl(guessed(await ask.instanceUrl(known)));
    known = url;
    const findings = await glance(url);
    const answers = findings.every(({ mark }) => mark === 'ok');
    const read = corrected === undefined ? [] : [`Read as ${url}`];
    const told = [...read, ...findings.map(lineOf)].join('\n');
    if (await ask.keep(told, { answers, asGiven: corrected === undefined })) return known;
  }
  return undefined;
}

/** A bare name is taken for an instance that Halo hosts; the person then confirms it. A secret is never looked up. */
export const guessed = (text: string): string =>
  /^[a-z0-9-]+$/i.test(text) && text !== 'localhost' && !looksSecret(text) ? `${text}.halopsa.com` : text;

/** The variable that holds this customer's secret. */
export const secretName = (customer: string | undefined): string =>
  customer === undefined ? 'HALO_CLIENT_SECRET' : secretVariable(customer);

const noSecret = (variable: string) =>
  `the secret in the environment variable ${variable}, or the name of a file that holds it`;

function needed(value: string | undefined, flag: string): string {
  if (value !== undefined && value.trim() !== '') return value.trim();
  throw new UsageError(`init needs ${flag}.`);
}

const listOf = (text: string) =>
  text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');

/**
 * The address as the server uses it, and what was corrected in it.
 * @throws ConfigError, which says what is wrong with it
 */
export function readUrl(text: string): { url: string; corrected: string | undefined } {
  const setting = 'instanceUrl';
  const { url, corrected } = readAddress(setting, checked(setting, text), variableOf(setting));
  return { url, corrected };
}

/** @throws UsageError for a placeholder that was never filled in, or a secret where none belongs */
function checked(setting: HaloSetting, text: string): string {
  const fault = unusable(setting, text);
  if (fault !== undefined) throw new UsageError(fault);
  return text;
}

/** @throws UsageError for a placeholder that was never filled in */
function filled(variable: string, secret: string): string {
  const fault = unfilled(variable, secret, true);
  if (fault !== undefined) throw new UsageError(fault);
  return secret;
}

/** Why a file can't be made for the secret: it would have the secret itself for its name. Undefined if it can. */
export const placeFault = (file: string): string | undefined =>
  !existsSync(file) && looksSecret(basename(file))
    ? 'The name of the file looks like the secret itself. Name a file that holds it, or is to hold it (a long name needs an ending, such as .txt); nothing was written.'
    : undefined;

/** @throws UsageError for a secret in the place of its file's name */
function checkPlace(file: string): string {
  const fault = placeFault(file);
  if (fault !== undefined) throw new UsageError(fault);
  return file;
}

function checkPacks(packs: string[]): string[] {
  const known = Object.keys(bundled);
  const stranger = packs.find((name) => !known.includes(name));
  if (stranger !== undefined)
    throw new UsageError(`There is no pack "${stranger}".${didYouMean(stranger, known)} Packs: ${known.join(', ')}.`);
  if (packs.length === 0) throw new UsageError(`Choose a pack at least. Packs: ${known.join(', ')}.`);
  return [...new Set(packs)];
}

function checkTokens(text: string): number {
  const parsed = ConfigFile.shape.output.safeParse({ maxTokens: Number(text) });
  if (parsed.success) return parsed.data.maxTokens;
  throw new UsageError('--max-tokens is a whole number from 500 to 100000.');
}

function clientOf(name: string | undefined): ClientName | undefined {
  if (name === undefined || name === 'none') return undefined;
  if (Object.hasOwn(CLIENTS, name)) return name as ClientName;
  const known = [...Object.keys(CLIENTS), 'none'];
  throw new UsageError(`init can't set up "${name}".${didYouMean(name, known)} Clients: ${known.join(', ')}.`);
}

/** The file of the secret, or undefined for the environment. */
async function secretPlace(
  flags: InitFlags,
  client: ClientName | undefined,
  env: NodeJS.ProcessEnv,
  ask: Questions | undefined,
): Promise<string | undefined> {
  const { secretFile, secretEnv, customer } = flags;
  if (secretFile !== undefined && secretEnv) throw new UsageError('Give --secret-file or --secret-env, not both.');
  const fillsIn = client !== undefined && CLIENTS[client].variable !== undefined;
  const mayBeEnv = client === undefined || fillsIn;
  if (secretEnv && !mayBeEnv)
    throw new UsageError(
      'Claude Desktop hands its servers no variables but those in its own file, where the secret would lie open. Use --secret-file FILE.',
    );
  if (secretFile !== undefined) return filledIn(secretFile, env);
  if (secretEnv) return undefined;
  return ask === undefined ? secretOf(flags, fillsIn, env) : ask.secretPlace(mayBeEnv, customer);
}

/**
 * Where a secret from the environment is kept: there, if the client fills in variables; else in the file that the
 * environment names, or in one beside the config.
 */
function secretOf({ config, customer }: InitFlags, fillsIn: boolean, env: NodeJS.ProcessEnv): string | undefined {
  const variable = secretName(customer);
  const secret = unquoted(env[variable] ?? '');
  if (fillsIn && secret !== '') return undefined;
  const named = customer === undefined ? unquoted(env.HALO_CLIENT_SECRET_FILE ?? '') : '';
  if (named !== '' && secret === '') return filledIn(named, env);
  const beside = join(dirname(resolve(config)), `halo-mcp${customer === undefined ? '' : `-${customer}`}.secret`);
  const isThere = existsSync(beside);
  if (secret === '' && !isThere)
    throw new UsageError(
      `init needs --secret-file FILE, or --secret-env if the secret stays in the environment, or the secret in ${variable}.`,
    );
  if (secret !== '' && isThere && readSecret(beside).secret !== secret)
    throw new UsageError(
      `${beside} is there already, and holds a different secret from ${variable}. Nothing was written: name a file with --secret-file.`,
    );
  return beside;
}
