import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, extname, isAbsolute, resolve } from 'node:path';
import { ConfigError } from './errors.js';
import { explain } from './explain.js';
import { ConfigFile } from './schema.js';
import { type HaloUrls, haloUrls } from './urls.js';

/** The settings to run with: the file's, then the environment's over them. Paths are absolute. */
export interface Config extends Omit<ConfigFile, '$schema'> {
  /** The config file, or undefined where the defaults serve. */
  file: string | undefined;
  /** True where the operator named the file: only then may it decide about hosts, secrets and foreign code. */
  named: boolean;
  /** Directory that relative plugin paths start from. */
  directory: string;
  /** Where Halo answers; undefined where no address was given. */
  urls: HaloUrls | undefined;
  /** The client secret, wherever it came from; undefined where none was given. */
  clientSecret: string | undefined;
  /** What the operator should know, though the server starts. */
  warnings: string[];
}

export interface LoadOptions {
  /** `--config` */
  file?: string | undefined;
  env: NodeJS.ProcessEnv;
  /** Working directory. */
  cwd: string;
}

const FOUND_NAMES = ['halo-mcp.config.json', 'halo-mcp.config.yaml'];

/**
 * Loads the configuration. Looked for: `--config`, then `HALO_MCP_CONFIG`, then halo-mcp.config.json / .yaml in the
 * working directory alone, then the defaults. The environment wins over the file.
 *
 * cosmiconfig's loaders are called directly: its search would obey a stranger's `.config/config.json` and `$import`.
 * @throws ConfigError with one sentence that says what to do; missing credentials are no error here
 */
export async function loadConfig({ file: flag, env, cwd }: LoadOptions): Promise<Config> {
  const value = (key: string) => env[key]?.trim() || undefined;
  const asked = flag ?? value('HALO_MCP_CONFIG');
  const path = asked === undefined ? FOUND_NAMES.map((n) => resolve(cwd, n)).find(existsSync) : resolve(cwd, asked);
  const file = path === undefined ? ConfigFile.parse({}) : check(await read(path), path);
  const named = asked !== undefined;
  if (path !== undefined && !named) refuseDecisions(file, path);
  const directory = path === undefined ? cwd : dirname(path);
  const secretFile = value('HALO_CLIENT_SECRET_FILE') ?? file.halo.clientSecretFile;
  const halo = {
    ...file.halo,
    ...defined({
      instanceUrl: value('HALO_INSTANCE_URL'),
      clientId: value('HALO_CLIENT_ID'),
      tenant: value('HALO_TENANT'),
      authUrl: value('HALO_AUTH_URL'),
      apiUrl: value('HALO_API_URL'),
    }),
  };
  const level = value('HALO_MCP_LOG_LEVEL');
  const { $schema: _, ...rest } = level === undefined ? file : check({ ...file, log: { level } }, 'HALO_MCP_LOG_LEVEL');
  const warnings: string[] = [];
  const clientSecret =
    value('HALO_CLIENT_SECRET') ??
    (secretFile === undefined
      ? undefined
      : readSecret(resolve(value('HALO_CLIENT_SECRET_FILE') ? cwd : directory, secretFile), warnings));
  return { ...rest, halo, file: path, named, directory, urls: haloUrls(halo), clientSecret, warnings };
}

async function read(path: string): Promise<unknown> {
  if (!existsSync(path)) throw new ConfigError(`${path} does not exist. Name an existing config file.`);
  const kind = extname(path);
  const loader = { '.json': '.json', '.yaml': '.yaml', '.yml': '.yaml', '.js': '.js', '.mjs': '.mjs', '.cjs': '.cjs' }[
    kind
  ];
  if (loader === undefined)
    throw new ConfigError(`${path}: a config is .json, .yaml, .js, .mjs or .cjs, not "${kind}". Rename or convert it.`);
  const { defaultLoaders } = await import('./loaders.js');
  let text = '';
  try {
    text = readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
    return text.trim() === '' ? {} : ((await defaultLoaders[loader as '.json'](path, text)) ?? {});
  } catch (error) {
    // The parsers quote the text around the fault, which may hold what should not be shown: only the place is kept.
    const place = /\(?line (\d+)[ :,]+column (\d+)\)?|\((\d+):(\d+)\)/i.exec(String(error));
    const position = /position (\d+)/.exec(String(error))?.[1];
    const before = text.slice(0, Number(position ?? 0)).split('\n');
    const own = position === undefined ? '' : ` near line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
    const where = place === null ? own : ` near line ${place[1] ?? place[3]}, column ${place[2] ?? place[4]}`;
    throw new ConfigError(`${path} can't be read${where}. Correct its syntax.`);
  }
}

function check(raw: unknown, place: string): ConfigFile {
  refuseSecrets(raw, place);
  const parsed = ConfigFile.safeParse(raw);
  if (parsed.success) return parsed.data;
  throw new ConfigError(explain(parsed.error, raw, place));
}

const SECRET_KEY = /(secret|password|passwd|token|api_?key)$/i;

/** @throws ConfigError for a key, at any depth, that names a secret and holds a text */
function refuseSecrets(raw: unknown, place: string): void {
  const path = secretIn(raw);
  if (path === undefined) return;
  const way = path.startsWith('plugins')
    ? 'Let the plugin read it from an environment variable or a file of its own.'
    : 'Put it into the environment variable HALO_CLIENT_SECRET, or into a file that HALO_CLIENT_SECRET_FILE names.';
  throw new ConfigError(
    `${place}: "${path}" looks like a secret, and a secret does not belong in the config file. ${way}`,
  );
}

function secretIn(value: unknown, path: readonly string[] = []): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, inner] of Object.entries(value)) {
    const here = [...path, key];
    const found = typeof inner === 'string' && SECRET_KEY.test(key) ? here.join('.') : secretIn(inner, here);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A config found by search may tighten; deciding about hosts, secrets and code is for one that was named. */
function refuseDecisions(config: ConfigFile, path: string): void {
  const keys = (['instanceUrl', 'authUrl', 'apiUrl', 'clientSecretFile'] as const).filter(
    (key) => config.halo[key] !== undefined,
  );
  const foreign = (config.plugins ?? [])
    .map((entry) => (typeof entry === 'string' ? entry : entry.use))
    .filter(isForeign);
  const allowed = config.output.secretFields.allow.length > 0 ? 'output.secretFields.allow' : undefined;
  const what = allowed ? allowed : keys[0] ? `halo.${keys[0]}` : foreign[0] ? `the plugin "${foreign[0]}"` : undefined;
  if (what !== undefined)
    throw new ConfigError(
      `${path} was found in the working directory, not named, so it may not set ${what}. ` +
        `Name it with --config ${path} or HALO_MCP_CONFIG if you trust it.`,
    );
}

/** True for a plugin that is a file or an npm package; bundled packs are single words. */
export function isForeign(use: string): boolean {
  return use.startsWith('.') || isAbsolute(use) || use.startsWith('@') || /[/\\.:]/.test(use);
}

/** A file that is missing or empty is a missing credential: the server starts, and each call says so. */
function readSecret(path: string, warnings: string[]): string | undefined {
  try {
    const text = readFileSync(path, 'utf8').trim();
    const open = process.platform === 'win32' ? 0 : statSync(path).mode & 0o077;
    const who = (open & 0o007) !== 0 ? 'everybody' : 'others';
    if (open !== 0)
      warnings.push(`The client secret's file ${path} can be read by ${who} on this machine: chmod 600 it.`);
    if (text !== '') return text;
    warnings.push(`The client secret's file ${path} is empty. Put the secret into it.`);
  } catch {
    warnings.push(`The client secret's file ${path} can't be read. Check the path and its permissions.`);
  }
  return undefined;
}

function defined<T extends object>(values: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(values).filter(([, v]) => v !== undefined)) as {
    [K in keyof T]?: NonNullable<T[K]>;
  };
}
