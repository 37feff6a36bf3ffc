// Cold start: from spawn to the answer of `initialize`, and to that of `tools/list`. Median of 20.
import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { createInterface } from 'node:readline';

const args = process.argv.slice(2);
const once = () =>
  new Promise((resolve) => {
    const started = performance.now();
    const child = spawn(
      process.execPath,
      ['dist/halo-mcp.js', ...args].map((part, i) =>
        i === 0 ? new URL(`../${part}`, import.meta.url).pathname : part,
      ),
      { cwd: tmpdir(), stdio: ['pipe', 'pipe', 'ignore'] },
    );
    const times = [];
    createInterface({ input: child.stdout }).on('line', () => {
      times.push(performance.now() - started);
      if (times.length < 2) return;
      child.kill();
      resolve(times);
    });
    const client = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'bench', version: '1' } };
    child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params: client })}\n`);
    child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id: 2, method: 'tools/list' })}\n`);
  });

const runs = [];
for (let i = 0; i < 21; i += 1) runs.push(await once());
const median = (index) =>
  runs
    .slice(1)
    .map((run) => run[index])
    .sort((a, b) => a - b)[10]
    .toFixed(0);
console.log(`initialize ${median(0)} ms, tools/list ${median(1)} ms`);
