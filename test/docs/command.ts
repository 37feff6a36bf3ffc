import { execFile } from 'node:child_process';
import { expectNoLeak, secretsOf } from '../faults/canary.js';
import { emptyFolder, SERVER } from '../session.js';

export interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs the built command to its end, in an empty folder unless one is named, and with an environment of its own. */
export function command(args: string[], env: Record<string, string> = {}, cwd = emptyFolder()): Promise<Outcome> {
  const options = { cwd, env: { PATH: process.env.PATH, ...env }, timeout: 30_000 };
  return new Promise<Outcome>((done) => {
    const child = execFile(process.execPath, [SERVER, ...args], options, (_error, stdout, stderr) =>
      done({ code: child.exitCode ?? -1, stdout, stderr }),
    );
  }).then((outcome) => {
    expectNoLeak({ stdout: outcome.stdout, stderr: outcome.stderr }, secretsOf(env));
    return outcome;
  });
}

/** A tool's structured answer, by `halo-mcp call` on the sandbox. */
export async function ask<T>(config: string, tool: string, args: object = {}): Promise<T> {
  const asked = ['call', tool, '--sandbox', '--json', '--config', config, '--args', JSON.stringify(args)];
  const { code, stdout, stderr } = await command(asked);
  if (code !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as T;
}
