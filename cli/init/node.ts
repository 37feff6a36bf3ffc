import { execFileSync } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join, sep } from 'node:path';

/** The parts of a machine that decide where a Node is found. */
export interface Machine {
  execPath: string;
  env: NodeJS.ProcessEnv;
  home: string;
  /** The Node that a path really starts, or undefined if it starts none. */
  real(path: string): string | undefined;
}

/** A part of a path that an upgrade removes: a version, or fnm's folder of one shell. */
const PASSING = /(?:^|[\\/])(?:[\w@-]*-)?v?\d+\.\d+(?:\.\d+)?[^\\/]*(?=[\\/])|fnm_multishells|[\\/]_npx[\\/]/;

/** True for a path that the next upgrade is likely to remove. */
export const isPassing = (path: string): boolean => PASSING.test(path);

/**
 * A path of this Node that survives upgrades, for a client's block: the one it runs by, unless that contains a version
 * (Homebrew, nvm, asdf, volta, fnm, mise, nodenv, scoop) and a link or a shim leads to the same Node.
 */
export function lastingNode({ execPath, env, home, real }: Machine): string {
  if (!isPassing(execPath)) return execPath;
  const mine = real(execPath);
  const found = [...links(execPath, home), ...onPath(env)].find(
    (path) => !isPassing(path) && mine !== undefined && real(path) === mine,
  );
  return found ?? execPath;
}

/** The links and shims that version managers keep at fixed paths. */
function links(execPath: string, home: string): string[] {
  const [, brew, keg] = /^(.*)[\\/]Cellar[\\/]([^\\/]+)[\\/]/.exec(execPath) ?? [];
  const [, fnm] = /^(.*)[\\/]node-versions[\\/]/.exec(execPath) ?? [];
  const [, scoop] = /^(.*[\\/]apps[\\/]nodejs[^\\/]*)[\\/]/.exec(execPath) ?? [];
  return [
    ...(brew && keg ? [join(brew, 'opt', keg, 'bin', 'node'), join(brew, 'bin', 'node')] : []),
    ...(fnm ? [join(fnm, 'aliases', 'default', 'bin', 'node'), join(fnm, 'aliases', 'default', 'node.exe')] : []),
    ...(scoop ? [join(scoop, 'current', 'node.exe')] : []),
    join(home, '.nvm', 'current', 'bin', 'node'),
    ...['.volta/bin', '.asdf/shims', '.nodenv/shims', '.local/share/mise/shims'].map((one) => join(home, one, 'node')),
  ];
}

const onPath = ({ PATH = '' }: NodeJS.ProcessEnv): string[] =>
  PATH.split(delimiter)
    .filter((folder) => folder !== '' && !folder.includes(`${sep}node_modules${sep}`))
    .map((folder) => join(folder, process.platform === 'win32' ? 'node.exe' : 'node'));

/** This machine. A shim is run from home, as a client would, to see which Node it starts. */
export const thisMachine = (): Machine => ({
  execPath: process.execPath,
  env: process.env,
  home: homedir(),
  real(path) {
    if (!existsSync(path)) return undefined;
    const file = realpathSync(path);
    if (!/[\\/](shims|\.volta)[\\/]/.test(path)) return file;
    try {
      const options = { cwd: homedir(), timeout: 5000, encoding: 'utf8' } as const;
      const said = execFileSync(path, ['-p', 'process.execPath'], { ...options, stdio: ['ignore', 'pipe', 'ignore'] });
      return realpathSync(said.trim());
    } catch {
      return undefined;
    }
  },
});
