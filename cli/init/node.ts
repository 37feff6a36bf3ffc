import { execFileSync } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join, sep } from 'node:path';

/** Where a Node is looked for, as the machine has it. */
export interface Machine {
  execPath: string;
  env: NodeJS.ProcessEnv;
  home: string;
  /** The Node that a path really starts, or undefined where it starts none. */
  real(path: string): string | undefined;
}

/** A part of a path that an upgrade takes away: a version, or the folder of one shell of fnm. */
const PASSING = /(?:^|[\\/])(?:[\w@-]*-)?v?\d+\.\d+(?:\.\d+)?[^\\/]*(?=[\\/])|fnm_multishells|[\\/]_npx[\\/]/;

/** Whether a path is likely to be gone after the next upgrade. */
export const isPassing = (path: string): boolean => PASSING.test(path);

/**
 * The path of this Node that a client's block may name for long: the one it runs by, unless that has a version in it
 * (Homebrew, nvm, asdf, volta, fnm, mise, nodenv, scoop) and a link or a shim leads to the same one.
 */
export function lastingNode({ execPath, env, home, real }: Machine): string {
  if (!isPassing(execPath)) return execPath;
  const mine = real(execPath);
  const found = [...links(execPath, home), ...onPath(env)].find(
    (path) => !isPassing(path) && mine !== undefined && real(path) === mine,
  );
  return found ?? execPath;
}

/** The links and shims that version managers keep at one place. */
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

/** This machine. A shim is asked which Node it starts, as a client would start it: from home. */
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
