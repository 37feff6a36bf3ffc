import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { ConfigError, type LoadOptions, loadConfig } from '../../config/index.js';
import { type CustomerSettings, ONLY_CUSTOMER } from '../../core/settings.js';

/** An empty folder of the test's own, with these files in it; objects are written as JSON. */
export function folderWith(files: Record<string, unknown> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'halo-mcp-config-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(
      join(folder, name),
      typeof content === 'string' || Buffer.isBuffer(content) ? content : JSON.stringify(content),
      { mode: 0o600 },
    );
  }
  return folder;
}

export const JSON_NAME = 'halo-mcp.config.json';

/** A config of a single Halo, with that Halo's settings merged into it. */
export async function loadOne(options: LoadOptions) {
  const config = await loadConfig(options);
  const halo = config.customers[ONLY_CUSTOMER] as CustomerSettings;
  const { urls, clientSecret } = halo;
  return { ...config, halo, urls, clientSecret, warnings: [...config.warnings, ...halo.warnings] };
}

type One = Awaited<ReturnType<typeof loadOne>>;

/** The config that the server finds in a folder. */
export const found = (files: Record<string, unknown>, env: NodeJS.ProcessEnv = {}): Promise<One> =>
  loadOne({ env, cwd: folderWith(files), onRequest: ['insights'] });

/** The config of a file named with `--config`. */
export const named = (content: unknown, env: NodeJS.ProcessEnv = {}, file = 'mine.json'): Promise<One> =>
  loadOne({ file, env, cwd: folderWith({ [file]: content }) });

/** The sentence that refuses a config, without its folder. */
export async function refusal(loading: Promise<unknown>): Promise<string> {
  try {
    await loading;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.message.replaceAll(/\/\S*\/halo-mcp-config-[^/\s]+\//g, '');
  }
  throw new Error('it was not refused');
}
