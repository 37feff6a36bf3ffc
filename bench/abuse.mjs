// What a client can do to the server, with the server's peak memory: killed parents, lines of 12 MiB, thousands of calls
// at once, a client that does not read, and a long run of calls. Linux, after `npm run build`.
// node bench/abuse.mjs [--parents 100] [--soak 20000]
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: { parents: { type: 'string', default: '100' }, soak: { type: 'string', default: '20000' } },
});
const SERVER = fileURLToPath(new URL('../dist/halo-mcp.js', import.meta.url));
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const mib = (bytes) => `${(bytes / 2 ** 20).toFixed(0)} MiB`;
const request = (id, method, params) => `${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`;
const toolCall = (id, name, args = {}) => request(id, 'tools/call', { name, arguments: args });

/** Starts a server, up to its handshake and first call. */
async function start() {
  const child = spawn(process.execPath, [SERVER, '--sandbox'], { cwd: tmpdir(), stdio: ['pipe', 'pipe', 'pipe'] });
  const answers = new Map();
  let told = () => undefined;
  createInterface({ input: child.stdout }).on('line', (line) => {
    const answer = JSON.parse(line);
    answers.set(answer.id, answer);
    told();
  });
  let warnings = 0;
  createInterface({ input: child.stderr }).on('line', (line) => {
    if (/Warning/.test(line)) warnings += 1;
  });
  const memory = (what) =>
    Number(new RegExp(`${what}:\\s+(\\d+)`).exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))[1]) * 1024;
  const until = async (isDone) => {
    while (!isDone()) await new Promise((resolve) => (told = resolve));
  };
  const ask = async (line, id) => {
    child.stdin.write(line);
    await until(() => answers.has(id));
    const answer = answers.get(id);
    answers.delete(id);
    return answer;
  };
  await ask(toolCall('first', 'list_clients'), 'first');
  return {
    child,
    answers,
    ask,
    until,
    rss: () => memory('VmRSS'),
    peak: () => memory('VmHWM'),
    warnings: () => warnings,
    isAlive: async () => (await ask(request('alive', 'ping'), 'alive')).result !== undefined,
  };
}

const isAlive = (pid) => existsSync(`/proc/${pid}`) && !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
const childrenOf = (pid) => readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number);

/** Kills clients with a server each, every second one with a call in flight. */
async function parents(count) {
  const source = `
    const [server, call] = process.argv.slice(1);
    const child = require('node:child_process').spawn(process.execPath, [server, '--sandbox'], { stdio: ['pipe', 'pipe', 'ignore'] });
    child.stdin.write('{"jsonrpc":"2.0","id":1,"method":"ping"}\\n' + (call ?? ''));
    child.stdout.once('data', () => console.log(child.pid));`;
  let survivors = 0;
  let slowest = 0;
  for (let done = 0; done < count; done += 10) {
    const batch = Array.from({ length: Math.min(10, count - done) }, (_, index) =>
      spawn(process.execPath, ['-e', source, SERVER, ...(index % 2 ? [toolCall(2, 'revenue_breakdown')] : [])]),
    );
    const servers = await Promise.all(
      batch.map(async ({ stdout }) => Number((await once(createInterface({ input: stdout }), 'line'))[0])),
    );
    const pids = servers.flatMap((pid) => [pid, ...childrenOf(pid)]);
    const killed = performance.now();
    for (const parent of batch) parent.kill('SIGKILL');
    while (pids.some(isAlive) && performance.now() - killed < 30_000) await pause(20);
    slowest = Math.max(slowest, performance.now() - killed);
    survivors += pids.filter(isAlive).length;
  }
  console.log(
    `${count} killed parents: ${survivors} processes survive (servers and sandboxes), slowest ${(slowest / 1000).toFixed(1)} s`,
  );
}

async function longLines(count) {
  const server = await start();
  const before = server.peak();
  for (let id = 0; id < count; id += 1)
    await server.ask(`{"jsonrpc":"2.0","id":${id},"method":"tools/call","params":"${'x'.repeat(12 * 2 ** 20)}"}\n`, id);
  console.log(
    `${count} lines of 12 MiB: all answered, alive ${await server.isAlive()}, peak ${mib(server.peak())} (+${mib(server.peak() - before)})`,
  );
  server.child.kill();
}

async function atOnce(count) {
  const server = await start();
  const before = server.peak();
  const started = performance.now();
  server.child.stdin.write(Array.from({ length: count }, (_, id) => toolCall(id, 'list_clients')).join(''));
  await server.until(() => server.answers.size === count);
  const time = performance.now() - started;
  const all = [...server.answers.values()];
  const busy = all.filter(({ result }) => /^SERVER_BUSY/.test(result?.content?.[0]?.text ?? '')).length;
  const failed = all.filter(({ result }) => result === undefined || result.isError).length - busy;
  console.log(
    `${count} calls at once: ${count - busy - failed} served, ${busy} told to come back, ${failed} failed in ${time.toFixed(0)} ms, ` +
      `alive ${await server.isAlive()}, peak ${mib(server.peak())} (+${mib(server.peak() - before)})`,
  );
  server.child.kill();
}

async function notReading() {
  const server = await start();
  const size = JSON.stringify(await server.ask(request('list', 'tools/list'), 'list')).length;
  const before = server.peak();
  server.child.stdout.pause();
  const count = Math.ceil((100 * 2 ** 20) / size);
  for (let id = 0; id < count; id += 1) {
    server.child.stdin.write(request(id, 'tools/list'));
    if (id % 50 === 0) await pause(5);
  }
  await pause(2000);
  const peak = server.peak();
  server.child.stdout.resume();
  await server.until(() => server.answers.size === count);
  const busy = [...server.answers.values()].filter(({ error }) => error !== undefined).length;
  console.log(
    `100 MiB asked for and not read: ${count - busy} answers whole, ${busy} told to come back, alive ${await server.isAlive()}, ` +
      `peak ${mib(peak)} (+${mib(peak - before)})`,
  );
  server.child.kill();
}

/** Calls one after another, some cancelled. Compares the memory at the end with that after a tenth of them. */
async function soak(count) {
  const server = await start();
  let early = 0;
  const started = performance.now();
  for (let id = 0; id < count; id += 1) {
    if (id % 10 === 9)
      server.child.stdin.write(
        `${toolCall(`c${id}`, 'list_tickets')}${JSON.stringify({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: `c${id}` } })}\n`,
      );
    await server.ask(toolCall(id, id % 2 ? 'list_clients' : 'list_agents', { page_size: 5 }), id);
    if (id === Math.floor(count / 10)) early = server.rss();
  }
  const grown = server.rss() - early;
  console.log(
    `${count} calls one after another in ${((performance.now() - started) / 1000).toFixed(0)} s: memory ${mib(early)} after a tenth, ` +
      `${mib(server.rss())} at the end (${(grown / 1024 / (count * 0.9)).toFixed(2)} KiB a call), peak ${mib(server.peak())}, ` +
      `${server.warnings()} warnings, ${server.answers.size} answers to cancelled calls`,
  );
  server.child.kill();
}

await longLines(20);
await atOnce(2000);
await atOnce(10_000);
await notReading();
await parents(Number(values.parents));
await soak(Number(values.soak));
