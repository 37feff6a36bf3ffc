import { existsSync, readdirSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** What decides where programs keep their settings. */
export interface System {
  platform: NodeJS.Platform;
  env: NodeJS.ProcessEnv;
  home: string;
}

const here = (): System => ({ platform: process.platform, env: process.env, home: homedir() });

/** The folder in which programs keep their settings. */
export function settingsFolder({ platform, env, home }: System = here()): string {
  if (platform === 'darwin') return join(home, 'Library', 'Application Support');
  if (platform === 'win32') return env.APPDATA ?? join(home, 'AppData', 'Roaming');
  return env.XDG_CONFIG_HOME ?? join(home, '.config');
}

const FILE = 'claude_desktop_config.json';

/**
 * The configuration that Claude Desktop reads. The Windows Store build sees its own Roaming folder in place of the
 * user's. If both builds were here, the file written last counts.
 */
export function desktopFile(system: System = here()): string {
  const usual = join(settingsFolder(system), 'Claude', FILE);
  const store = system.platform === 'win32' ? storeFolders(system).map((folder) => join(folder, FILE)) : [];
  const [latest] = [...store, ...(existsSync(usual) ? [usual] : [])].toSorted((a, b) => written(b) - written(a));
  return latest ?? usual;
}

/** True for the file of the Windows Store build. */
export const isOfStore = (file: string): boolean => /[\\/]LocalCache[\\/]Roaming[\\/]/.test(file);

function storeFolders({ env, home }: System): string[] {
  const packages = join(env.LOCALAPPDATA ?? join(home, 'AppData', 'Local'), 'Packages');
  if (!existsSync(packages)) return [];
  const own = readdirSync(packages).filter((name) => /^Claude_/i.test(name));
  return own.map((name) => join(packages, name, 'LocalCache', 'Roaming', 'Claude'));
}

/** When the file was last written. A build that has been started but has no file yet counts by its folder. */
function written(file: string): number {
  for (const path of [file, join(file, '..'), join(file, '..', '..', '..')])
    if (existsSync(path)) return statSync(path).mtimeMs;
  return 0;
}
