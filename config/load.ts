import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { ConfigError } from './errors.js';
import { explain } from './explain.js';
import { readConfigFile } from './file.js';
import { refuseDecisions } from './found.js';
import { ConfigFile } from './schema.js';
import { readSecret, refuseSecrets } from './secret.js';
import { type HaloUrls, haloUrls } from './urls.js';

/** The settings to run with: the file's, then the environment's over them. Paths are absolute. */
export interface Config extends Omit<ConfigFile, '$schema'> {
  /** The config file, or undefined where the defaults serve. */
  file: string | undefined;
  /** True where the operator named the file: only then may it decide more than config/found.ts lists. */
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
  /** The bundled packs that are not on by default: a config that was merely found may not turn them on. */
  onRequest?: readonly string[];
}

const FOUND_NAMES = ['halo-mcp.config.json', 'halo-mcp.config.yaml'];

/**
 * Loads the configuration. Looked for: `--config`, then `HALO_MCP_CONFIG`, then halo-mcp.config.json / .yaml in the
 * working directory alone, then the defaults. The environment wins over the file.
 *
 * cosmiconfig's loaders are called directly: its search would obey a stranger's `.config/config.json` and `$import`.
 * @throws ConfigError with one sentence that says what to do; missing credentials are no error here
 */
export async function loadConfig({ file: flag, env, cwd, onRequest = [] }: LoadOptions): Promise<Config> {
  const value = (key: string) => env[key]?.trim() || undefined;
  const asked = flag ?? value('HALO_MCP_CONFIG');
  const path = asked === undefined ? FOUND_NAMES.map((n) => resolve(cwd, n)).find(existsSync) : resolve(cwd, asked);
  const raw = path === undefined ? {} : await readConfigFile(path);
  const file = check(raw, path ?? 'the defaults');
  const named = asked !== undefined;
  if (path !== undefined && !named) refuseDecisions(raw, onRequest, path);
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

function check(raw: unknown, place: string): ConfigFile {
  refuseSecrets(raw, place);
  const parsed = ConfigFile.safeParse(raw);
  if (parsed.success) return parsed.data;
  throw new ConfigError(explain(parsed.error, raw, place));
}

function defined<T extends object>(values: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(values).filter(([, v]) => v !== undefined)) as {
    [K in keyof T]?: NonNullable<T[K]>;
  };
}
