import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { expectNoLeak, secretsOf } from './faults/canary.js';
import { emptyFolder, type Json, SERVER } from './session.js';

/** The built server as a bare process: lines in, messages out. */
export interface RawServer {
  child: ChildProcessWithoutNullStreams;
  /** Writes one line; a message is written as JSON. */
  send(line: string | object): void;
  /** The first message not taken yet. */
  next(): Promise<Json>;
  /** The answer with this id. */
  reply(id: unknown): Promise<Json>;
  /** Sends a request and returns its answer. */
  ask(request: Json & { id: string | number }): Promise<Json>;
  /** All lines of stdout so far. */
  lines: string[];
  stderr(): string;
  /** Exit code and signal. */
  exit(): Promise<[number | null, string | null]>;
  /** Its peak resident memory in bytes, if the system shows it (Linux), otherwise 0. */
  peak(): number;
  kill(): void;
}

export interface RawOptions {
  args?: string[];
  env?: Record<string, string>;
  /** The command that runs the server, before its own arguments. */
  command?: string[];
}

/** Starts the built server, without credentials unless the arguments or the environment contain some. */
export function startServer({ args = [], env = {}, command = [process.execPath] }: RawOptions = {}): RawServer {
  const [program = '', ...before] = command;
  const child = spawn(program, [...before, SERVER, ...args], { cwd: emptyFolder(), env });
  // Some tests write to a server that is gone.
  child.stdin.on('error', () => undefined);
  const lines: string[] = [];
  const waiting: { fits: (message: Json) => boolean; take: (message: Json) => void }[] = [];
  const early: Json[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line);
    const message = JSON.parse(line) as Json;
    const index = waiting.findIndex(({ fits }) => fits(message));
    if (index === -1) early.push(message);
    else waiting.splice(index, 1)[0]?.take(message);
  });
  let stderr = '';
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  // Even if no test waits for it, throwing fails the run.
  child.once('close', () => expectNoLeak({ stdout: lines.join('\n'), stderr }, secretsOf(env)));
  const when = (fits: (message: Json) => boolean) =>
    new Promise<Json>((take) => {
      const index = early.findIndex(fits);
      if (index === -1) waiting.push({ fits, take });
      else take(early.splice(index, 1)[0] as Json);
    });
  // The server has exited, and all its output was read.
  const gone = once(child, 'close') as Promise<[number | null, string | null]>;
  const reply = (id: unknown) => when((message) => message.id === id && message.method === undefined);
  const send = (line: string | object) => {
    child.stdin.write(`${typeof line === 'string' ? line : JSON.stringify(line)}\n`);
  };
  return {
    child,
    send,
    next: () => when(() => true),
    reply,
    ask(request) {
      send(request);
      return reply(request.id);
    },
    lines,
    stderr: () => stderr,
    exit: () => gone,
    peak: () => (process.platform === 'linux' ? peakOf(child.pid) : 0),
    kill: () => child.kill('SIGKILL'),
  };
}

function peakOf(pid: number | undefined): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024;
}

let last = 0;
const message = (method: string, params: Json | undefined, id: string | number) => ({
  jsonrpc: '2.0',
  id,
  method,
  ...(params && { params }),
});

/** A request that every server answers. */
export const ping = (id: string | number = `ping ${++last}`) => message('ping', undefined, id);

export const initialize = (version = '2025-06-18') =>
  message(
    'initialize',
    { protocolVersion: version, capabilities: {}, clientInfo: { name: 't', version: '1' } },
    `init ${++last}`,
  );

/** A call of a tool. */
export const toolCall = (name: string, args: unknown = {}, id: string | number = `call ${++last}`) =>
  message('tools/call', { name, arguments: args }, id);

/** The message that cancels a request. */
export const cancel = (requestId: unknown) => ({
  jsonrpc: '2.0',
  method: 'notifications/cancelled',
  params: { requestId },
});

/** The text of a tool's answer. */
export function textIn(answer: Json): string {
  const { content } = (answer.result ?? {}) as { content?: { text?: string }[] };
  return content?.[0]?.text ?? '';
}
