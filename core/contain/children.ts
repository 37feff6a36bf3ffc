import childProcess from 'node:child_process';
import { syncBuiltinESMExports } from 'node:module';

/** File descriptors of the process's own streams. */
const [STDIN, STDOUT, STDERR] = [0, 1, 2];

type Spawn = (this: unknown, options: { stdio?: unknown }) => unknown;
type Sync = (...args: unknown[]) => unknown;

/**
 * Keeps the protocol's two streams from the processes that a plugin starts: where such a child would inherit stdin it
 * reads nothing, and where it would inherit stdout it writes to stderr. Every way to start a child in this process ends
 * in one of these functions.
 */
export function keepFromChildren(): void {
  const { prototype } = childProcess.ChildProcess as unknown as { prototype: { spawn: Spawn } };
  const { spawn } = prototype;
  prototype.spawn = function (options) {
    return spawn.call(this, { ...options, stdio: apart(options.stdio) });
  };
  const exports = childProcess as unknown as Record<string, Sync>;
  for (const name of ['spawnSync', 'execFileSync', 'execSync']) {
    const start = exports[name] as Sync;
    exports[name] = (...args) => start(...args.map(withStdioApart));
  }
  // For modules that have imported them by name.
  syncBuiltinESMExports();
}

/** Changes the options among the arguments of a synchronous start: an object that is not the child's argument list. */
function withStdioApart(argument: unknown): unknown {
  if (typeof argument !== 'object' || argument === null || Array.isArray(argument)) return argument;
  const { stdio } = argument as { stdio?: unknown };
  return stdio === undefined ? argument : { ...argument, stdio: apart(stdio) };
}

function apart(stdio: unknown): unknown {
  if (stdio === 'inherit') return ['ignore', STDERR, STDERR];
  return Array.isArray(stdio) ? stdio.map(oneApart) : stdio;
}

function oneApart(one: unknown, place: number): unknown {
  const number = one === 'inherit' ? place : numberOf(one);
  if (number === STDIN) return 'ignore';
  return number === STDOUT ? STDERR : one;
}

/** The descriptor behind a stream or its handle. */
function numberOf(one: unknown): unknown {
  if (typeof one !== 'object' || one === null) return one;
  const { fd, _handle: handle } = one as { fd?: unknown; _handle?: { fd?: unknown } | null };
  return fd ?? handle?.fd;
}
