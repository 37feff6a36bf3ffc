// The cost of a call next to a bare fetch and JSON.parse of the same page: one at a time, 16 and 64 in flight; and
// where its CPU goes.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cpuOf, here, MIB, memoryOf, percentile, startHalo, startServer } from './process.mjs';

const TOOLS = { list_tickets: '/api/Tickets', list_clients: '/api/Client' };
const ARGS = { page_size: 50 };
const env = (url) => ({
  ...{ HALO_INSTANCE_URL: url, HALO_CLIENT_ID: 'bench', HALO_CLIENT_SECRET: 'made-up-secret-0815' },
  HALO_MCP_CONFIG: here('unhurried.json'),
});

/** The same page by fetch and JSON.parse alone, in this process. */
async function raw(url, path, times) {
  const one = async () => JSON.parse(await (await fetch(`${url}${path}?page_no=1&page_size=50`)).text());
  for (let n = 0; n < 30; n += 1) await one();
  const took = [];
  const before = process.cpuUsage();
  for (let n = 0; n < times; n += 1) {
    const started = performance.now();
    await one();
    took.push(performance.now() - started);
  }
  const { user, system } = process.cpuUsage(before);
  return { p50: percentile(took, 50), p99: percentile(took, 99), cpu: (user + system) / 1000 / times };
}

/** Calls a tool, `many` at a time. */
async function inFlight(server, tool, many, times) {
  const took = [];
  let left = times;
  const started = performance.now();
  const before = cpuOf(server.pid);
  const one = async () => {
    while (left > 0) {
      left -= 1;
      const began = performance.now();
      await server.call(tool, ARGS);
      took.push(performance.now() - began);
    }
  };
  await Promise.all(Array.from({ length: many }, one));
  const seconds = (performance.now() - started) / 1000;
  const cpu = (cpuOf(server.pid) - before) / times;
  return { p50: percentile(took, 50), p99: percentile(took, 99), cpu, aSecond: times / seconds };
}

export async function calls({ times = 200 } = {}) {
  const halo = await startHalo(here('halo.mjs'));
  const url = halo.line;
  const server = startServer({ env: env(url) });
  const counted = async () => Number(await (await fetch(`${url}/requests`)).text());
  const figures = {};
  await server.greet();
  for (const [tool, path] of Object.entries(TOOLS)) {
    const bare = await raw(url, path, times);
    for (let n = 0; n < 40; n += 1) await server.call(tool, ARGS);
    const before = await counted();
    const alone = await inFlight(server, tool, 1, times);
    const requests = ((await counted()) - before) / times;
    const at16 = await inFlight(server, tool, 16, 320);
    const at64 = await inFlight(server, tool, 64, 320);
    figures[tool] = { raw: bare, alone, requests, at16, at64 };
  }
  server.close();
  figures.phases = await phases(url);
  halo.close();
  return figures;
}

/** How much the memory grows over this many calls. */
export async function growth(times) {
  const halo = await startHalo(here('halo.mjs'));
  const server = startServer({ env: env(halo.line) });
  await server.greet();
  const make = (many) => inFlight(server, 'list_tickets', 16, many);
  await make(2000);
  const before = memoryOf(server.pid);
  await make(times);
  const mib = (memoryOf(server.pid) - before) / MIB;
  server.close();
  halo.close();
  return { calls: times, mib };
}

/** Functions by the phase that they belong to, including what they call. The innermost match counts. */
const PHASES = {
  fetch: /^(send|readBody|inTime|retrying|#send|Channel|get ?send)$/,
  // V8 attributes JSON.parse to its caller.
  parse: /^(parse|parseJson)$/,
  checks:
    /^(scan|inspect|openEnvelope|believe|servePage|fetchPage|judge|judgeOne|look|choose|checkWhere|readArguments)$/,
  rows: /^(project|prepare|readPage)$/,
  output: /^(answer|checked|fit|render|redact|safely|mapStrings|tokensOf)$/,
};

/** Milliseconds of CPU per call and phase, from a profile of the server. */
async function phases(url, times = 200) {
  const folder = mkdtempSync(join(tmpdir(), 'halo-mcp-profile-'));
  const server = startServer({
    env: env(url),
    node: ['--cpu-prof', '--cpu-prof-dir', folder, '--cpu-prof-interval', '500'],
  });
  await server.greet();
  for (let n = 0; n < times; n += 1) await server.call('list_tickets', ARGS);
  await server.end();
  const [file] = readdirSync(folder);
  const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(join(folder, file), 'utf8'));
  rmSync(folder, { recursive: true });
  const phaseOf = new Map();
  const walk = (node, byId, phase) => {
    const { functionName: name } = node.callFrame;
    const own =
      name === '(garbage collector)'
        ? 'garbage'
        : name === '(idle)' || name === '(program)'
          ? 'idle'
          : (Object.keys(PHASES).find((one) => PHASES[one].test(name)) ?? phase);
    phaseOf.set(node.id, own);
    for (const child of node.children ?? []) walk(byId.get(child), byId, own);
  };
  const byId = new Map(nodes.map((node) => [node.id, node]));
  walk(nodes[0], byId, 'rest');
  const sums = {};
  // The first third is loading and warming up.
  for (let n = Math.floor(samples.length / 3); n < samples.length; n += 1) {
    const phase = phaseOf.get(samples[n]);
    if (phase !== 'idle') sums[phase] = (sums[phase] ?? 0) + timeDeltas[n];
  }
  const counted = times * (2 / 3);
  return Object.fromEntries(Object.entries(sums).map(([phase, micro]) => [phase, micro / 1000 / counted]));
}

if (process.argv[1] === here('calls.mjs'))
  console.log(JSON.stringify(await calls(), (_, v) => (typeof v === 'number' ? Number(v.toFixed(2)) : v), 1));
