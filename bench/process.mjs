// Measured processes. Their CPU time and memory are read from Linux, not reported by themselves.
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export const here = (file) => fileURLToPath(new URL(file, import.meta.url));
export const dist = (file) => here(`../dist/${file}`);
export const MIB = 2 ** 20;

/** Milliseconds of CPU that a process has used so far, over all threads. */
export function cpuOf(pid) {
  const tasks = readdirSync(`/proc/${pid}/task`);
  return (
    tasks.reduce(
      (sum, task) => sum + Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0]),
      0,
    ) / 1e6
  );
}

/** Bytes by their name in /proc: `VmRSS` is the current value, `VmHWM` the peak. */
export const memoryOf = (pid, what = 'VmRSS') =>
  Number(new RegExp(`${what}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) * 1024;

/** Starts a process whose first line is its address. */
export async function startHalo(file, args = []) {
  const child = spawn(process.execPath, [file, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  const line = await new Promise((resolve) => createInterface({ input: child.stdout }).once('line', resolve));
  return { line, close: () => child.kill() };
}

/** The server over stdio, as a client sees it. */
export function startServer({ file = dist('halo-mcp.js'), args = [], env = {}, node = [], cwd = tmpdir() } = {}) {
  const child = spawn(process.execPath, [...node, file, ...args], {
    cwd,
    env: { PATH: process.env.PATH, HOME: tmpdir(), ...env },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const waiting = new Map();
  createInterface({ input: child.stdout }).on('line', (text) => {
    const message = JSON.parse(text);
    if (message.method === undefined) waiting.get(message.id)?.(message);
  });
  let last = 0;
  const ask = (method, params = {}) =>
    new Promise((resolve) => {
      last += 1;
      waiting.set(last, resolve);
      child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id: last, method, params })}\n`);
    });
  return {
    pid: child.pid,
    ask,
    greet: () =>
      ask('initialize', {
        protocolVersion: '2025-06-18',
        capabilities: {},
        clientInfo: { name: 'bench', version: '1' },
      }),
    call: async (name, args = {}) => {
      const { result, error } = await ask('tools/call', { name, arguments: args, _meta: { progressToken: last + 1 } });
      if (error !== undefined || result.isError)
        throw new Error(`${name}: ${error?.message ?? result.content[0].text}`);
      return result;
    },
    close: () => child.kill(),
    /** Ends the server as a departing client would, and waits for it. */
    end: () =>
      new Promise((resolve) => {
        child.once('exit', resolve);
        child.stdin.end();
      }),
  };
}

export const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
export const percentile = (numbers, p) =>
  numbers.toSorted((a, b) => a - b)[Math.min(numbers.length - 1, Math.floor((numbers.length * p) / 100))];
