// What a broken Halo costs the server in memory: oversized bodies, compressed or not, one and six at once. Linux, after
// `npm run build`. node bench/faults.mjs
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const dist = (file) => fileURLToPath(new URL(`../dist/${file}`, import.meta.url));
const mib = (bytes) => `${(bytes / 2 ** 20).toFixed(0)} MiB`;
const MIB = 2 ** 20;

/** Starts a server on a sandbox, up to its first calls. */
async function start() {
  const sandbox = spawn(process.execPath, [dist('sandbox.js')], { stdio: ['pipe', 'pipe', 'inherit'] });
  const { url, clientId, clientSecret } = await new Promise((resolve) =>
    createInterface({ input: sandbox.stdout }).once('line', (text) => resolve(JSON.parse(text))),
  );
  const env = { HALO_INSTANCE_URL: url, HALO_CLIENT_ID: clientId, HALO_CLIENT_SECRET: clientSecret };
  const child = spawn(process.execPath, [dist('halo-mcp.js')], {
    cwd: tmpdir(),
    env,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const waiting = new Map();
  createInterface({ input: child.stdout }).on('line', (text) => {
    const message = JSON.parse(text);
    waiting.get(message.id)?.(message.result);
  });
  let last = 0;
  const call = (name, args = {}) =>
    new Promise((resolve) => {
      last += 1;
      waiting.set(last, resolve);
      const params = { name, arguments: args };
      child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id: last, method: 'tools/call', params })}\n`);
    });
  const memory = (what) =>
    Number(new RegExp(`${what}:\\s+(\\d+)`).exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))[1]) * 1024;
  for (let n = 0; n < 5; n += 1) await call('list_clients', { page: n + 1 });
  return {
    call,
    fault: (fault) => fetch(`${url}/sandbox/faults`, { method: 'POST', body: JSON.stringify(fault) }),
    clear: () => fetch(`${url}/sandbox/faults`, { method: 'DELETE' }),
    now: () => memory('VmRSS'),
    peak: () => memory('VmHWM'),
    stop() {
      child.kill();
      sandbox.kill();
    },
  };
}

async function measure(name, fault, atOnce) {
  const server = await start();
  await server.fault(fault);
  const before = server.now();
  const started = performance.now();
  const answers = await Promise.all(
    Array.from({ length: atOnce }, (_, n) => server.call('list_clients', { search: `${n}` })),
  );
  const time = performance.now() - started;
  const grown = server.peak() - before;
  await server.clear();
  const alive = (await server.call('list_agents')).isError !== true;
  const codes = new Set(answers.map(({ content }) => content[0].text.split(':')[0]));
  console.log(
    `${name}, ${atOnce} at once: ${[...codes]} in ${time.toFixed(0)} ms, memory ${mib(before)} +${mib(grown)}, answers on: ${alive}`,
  );
  server.stop();
}

for (const [name, fault] of [
  ['64 MiB of gzip', { name: 'gzip-bomb', bytes: 64 * MIB }],
  ['64 MiB of brotli', { name: 'br-bomb', bytes: 64 * MIB }],
  ['a body of 64 MiB', { name: 'huge', bytes: 64 * MIB }],
  ['a body of 7 MiB, which is read', { name: 'huge', bytes: 7 * MIB }],
  ['lists 100,000 deep', { name: 'deep-json' }],
])
  for (const atOnce of [1, 6]) await measure(name, fault, atOnce);
