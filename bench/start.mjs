// Cold start, from spawn to the answer of tools/list, next to a responder of bare Node. They take turns, so that other
// load on the machine affects both alike. Times, CPU and memory, and their ratios.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cpuOf, here, MIB, median, memoryOf, startServer } from './process.mjs';

const BARE = `
const answers = { initialize: { protocolVersion: '2025-06-18', capabilities: { tools: {} }, serverInfo: { name: 'bare', version: '1' } }, 'tools/list': { tools: [] } };
require('node:readline').createInterface({ input: process.stdin }).on('line', (text) => {
  const { id, method } = JSON.parse(text);
  if (id !== undefined) process.stdout.write(JSON.stringify({ jsonrpc: '2.0', id, result: answers[method] }) + '\\n');
});`;

async function once(options) {
  const started = performance.now();
  const server = startServer(options);
  const [, list] = await Promise.all([server.greet(), server.ask('tools/list')]);
  const ms = performance.now() - started;
  const cpu = cpuOf(server.pid);
  const memory = memoryOf(server.pid) / MIB;
  server.close();
  return { ms, cpu, memory, list };
}

export async function start({ times = 15 } = {}) {
  const bare = join(mkdtempSync(join(tmpdir(), 'halo-mcp-bench-')), 'bare.cjs');
  writeFileSync(bare, BARE);
  const [ours, theirs] = [[], []];
  for (let n = 0; n <= times; n += 1) {
    const pair = [await once({}), await once({ file: bare })];
    // The first one warms the disk cache.
    if (n > 0) for (const [at, one] of pair.entries()) [ours, theirs][at].push(one);
  }
  const of = (runs, what) => median(runs.map((run) => run[what]));
  return {
    ms: of(ours, 'ms'),
    cpu: of(ours, 'cpu'),
    memory: of(ours, 'memory'),
    bare: { ms: of(theirs, 'ms'), cpu: of(theirs, 'cpu'), memory: of(theirs, 'memory') },
    // Per pair, since other load changes from one pair to the next.
    ratio: median(ours.map((run, n) => run.ms / theirs[n].ms)),
    cpuRatio: median(ours.map((run, n) => run.cpu / theirs[n].cpu)),
  };
}

if (process.argv[1] === here('start.mjs')) console.log(await start());
