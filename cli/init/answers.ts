import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { ConfigFile, didYouMean, secretVariable } from '../../config/index.js';
import { haloUrls } from '../../config/urls.js';
import { lineOf } from '../doctor/finding.js';
import { glance } from '../doctor/glance.js';
import { bundled, byDefault } from '../packs.js';
import { UsageError } from '../print.js';
import { CLIENTS, type ClientName } from './clients.js';
import { checkCustomer } from './customer.js';
import type { Questions } from './questions.js';

/** What init was told on the command line. */
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
}

/** All that init needs to know. */
export interface Answers {
  instanceUrl: string;
  clientId: string;
  packs: string[];
  exclude: string[];
  maxTokens: number | undefined;
  /** Where the secret lies; undefined: in the environment. A new one is to be written there. */
  secretFile: string | undefined;
  newSecret: string | undefined;
  client: ClientName | undefined;
  /** True where the client's configuration is to be changed, not only shown. */
  write: boolean;
}

/**
 * Each answer from its flag, else from the environment, else from the person; a flag is checked as an answer is.
 * @throws UsageError where there is nobody to ask and no flag, or where a flag is wrong
 */
export async function answersOf(
  flags: InitFlags,
  env: NodeJS.ProcessEnv,
  ask: Questions | undefined,
): Promise<Answers> {
  if (flags.customer !== undefined) checkCustomer(flags.customer);
  // What the environment says without a name may be said of another customer.
  const known = flags.customer === undefined ? env : {};
  const instanceUrl = flags.instanceUrl ?? (await address(known, ask)) ?? known.HALO_INSTANCE_URL;
  const clientId = flags.clientId ?? (await ask?.clientId(known.HALO_CLIENT_ID)) ?? known.HALO_CLIENT_ID;
  const packs = flags.packs === undefined ? await ask?.packs() : listOf(flags.packs);
  const client = clientOf(flags.client ?? (await ask?.client()));
  const place = await secretPlace(flags, client, ask);
  const secretFile = place === undefined ? undefined : resolve(place);
  const isNew = secretFile !== undefined && !existsSync(secretFile);
  const variable = secretName(flags.customer);
  return {
    instanceUrl: checkUrl(needed(instanceUrl, '--instance-url https://yourcompany.halopsa.com')),
    clientId: needed(clientId, '--client-id ID'),
    packs: checkPacks(packs ?? [...byDefault]),
    exclude: listOf(flags.exclude ?? ''),
    maxTokens: flags.maxTokens === undefined ? undefined : checkTokens(flags.maxTokens),
    secretFile,
    newSecret: isNew ? needed(env[variable] ?? (await ask?.secret(secretFile)), noSecret(variable)) : undefined,
    client,
    write: client !== undefined && (flags.write ?? (await ask?.write(CLIENTS[client].file())) ?? false),
  };
}

/** The address as a person gives it, looked at: a host that is no Halo is mostly a slip. */
async function address(env: NodeJS.ProcessEnv, ask: Questions | undefined): Promise<string | undefined> {
  for (let known = env.HALO_INSTANCE_URL; ask !== undefined; ) {
    known = await ask.instanceUrl(known);
    const findings = await glance(checkUrl(known));
    const sound = findings.every(({ mark }) => mark === 'ok');
    if (await ask.keep(findings.map(lineOf).join('\n'), sound)) return known;
  }
  return undefined;
}

/** The variable of the secret that is meant. */
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

/** The address with its scheme; @throws ConfigError, which says what is wrong with it */
export function checkUrl(text: string): string {
  const url = /^[a-z]+:\/\//i.test(text) ? text : `https://${text}`;
  haloUrls({ instanceUrl: url });
  return url.replace(/\/+$/, '');
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
  { secretFile, secretEnv, customer }: InitFlags,
  client: ClientName | undefined,
  ask: Questions | undefined,
): Promise<string | undefined> {
  if (secretFile !== undefined && secretEnv) throw new UsageError('Give --secret-file or --secret-env, not both.');
  const mayBeEnv = client === undefined || CLIENTS[client].fillsIn;
  if (secretEnv && !mayBeEnv)
    throw new UsageError(
      'Claude Desktop hands its servers no variables but those in its own file, where the secret would lie open. Use --secret-file FILE.',
    );
  if (secretFile !== undefined || secretEnv) return secretFile;
  if (ask === undefined)
    throw new UsageError('init needs --secret-file FILE, or --secret-env where the secret stays in the environment.');
  return ask.secretPlace(mayBeEnv, customer);
}
