// The load that the team server can take, on this machine alone: `npm run bench:http [-- SECONDS [PER_SECOND]]`, after a
// build. The shipped command, two customers with equal ids, a Halo for each that answers in 5 ms, 50 callers: 200 calls
// a second, then 500, then 10,000 idle connections. Reports errors, answers meant for another caller, p50, p99, memory,
// and what of it is held when garbage is collected.
// Clients, both Halos and the server share the machine's cores.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { bundled } from '../scripts/bundle.mjs';

const { startSandbox } = await import(pathToFileURL(await bundled('sandbox/index.ts')).href);

const SECONDS = Number(process.argv[2] ?? 60);
const PER_SECOND = Number(process.argv[3] ?? 200);
const HALO_MS = 5;
const CALLERS = 50;
const IDLE = 10_000;
const NAMES = ['contoso', 'fabrikam'];
const command = new URL('../dist/halo-mcp.js', import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), 'halo-mcp-load-'));

const halos = await Promise.all(
  NAMES.map((name) =>
    startSandbox({
      requestsPer5Minutes: 10_000_000,
      intercept: async ({ path }, answer) => {
        await delay(HALO_MS);
        if (!path.startsWith('/api/Tickets/')) return undefined;
        const reply = await answer();
        return { ...reply, body: String(reply.body).replace(/"summary":"[^"]*"/, `"summary":"A ticket of ${name}"`) };
      },
    }),
  ),
);
const config = join(folder, 'halo-mcp.config.json');
writeFileSync(
  config,
  JSON.stringify({
    http: { callsPerMinute: 100_000 },
    customers: Object.fromEntries(
      NAMES.map((name, index) => [
        name,
        { instanceUrl: halos[index].url, clientId: halos[index].clientId, requestsPer5Minutes: 100_000 },
      ]),
    ),
  }),
);
const env = {
  PATH: process.env.PATH,
  ...Object.fromEntries(NAMES.map((name, i) => [`HALO_CLIENT_SECRET_${name.toUpperCase()}`, halos[i].clientSecret])),
};

function run(args) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [command, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (text) => {
      stdout += text;
    });
    child.stderr.on('data', (text) => {
      stderr += text;
    });
    child.on('close', (code) => (code === 0 ? resolve(stdout.trim()) : reject(new Error(stderr))));
  });
}

const callers = [];
for (let index = 0; index < CALLERS; index += 1) {
  const customer = NAMES[index % 2];
  callers.push({
    customer,
    token: await run(['token', 'new', `caller-${index}`, '--customer', customer, '--config', config]),
  });
}

// On SIGUSR2 the server collects its garbage and says what is left, which grows if and only if something is kept.
const live = `data:text/javascript,process.on('SIGUSR2', () => { gc(); process.stderr.write('live ' + process.memoryUsage().heapUsed + '\\n'); })`;
const server = spawn(
  process.execPath,
  ['--expose-gc', '--import', live, command, 'serve', '--http', '127.0.0.1:0', '--config', config],
  { env, stdio: ['ignore', 'ignore', 'pipe'] },
);
const url = await new Promise((resolve, reject) => {
  let said = '';
  server.stderr.on('data', (text) => {
    if (said.length > 100_000) return;
    said += text;
    const [found] = /http:\/\/127\.0\.0\.1:\d+\/mcp/.exec(said) ?? [];
    if (found) resolve(new URL(found));
  });
  server.on('close', () => reject(new Error(said)));
});
const memory = () => {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return Number.NaN;
  }
};

/** MB that the server holds once its garbage is collected. */
function heldMemory() {
  return new Promise((resolve) => {
    let said = '';
    const hear = (text) => {
      said += text;
      const [, bytes] = /live (\d+)/.exec(said) ?? [];
      if (bytes === undefined) return;
      server.stderr.off('data', hear);
      resolve((Number(bytes) / 2 ** 20).toFixed(1));
    };
    server.stderr.on('data', hear);
    server.kill('SIGUSR2');
  });
}

const agent = new Agent({ keepAlive: true, maxSockets: 200 });
function call({ token }, id) {
  const body = JSON.stringify({
    ...{ jsonrpc: '2.0', id: 1, method: 'tools/call' },
    params: { name: 'get_ticket', arguments: { id } },
  });
  const headers = {
    ...{ 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
    ...{ authorization: `Bearer ${token}`, 'content-length': Buffer.byteLength(body) },
  };
  return new Promise((resolve, reject) => {
    const { hostname, port, pathname: path } = url;
    const req = request({ hostname, port, path, method: 'POST', headers, agent }, (res) => {
      let text = '';
      res.setEncoding('utf8');
      res.on('data', (part) => {
        text += part;
      });
      res.on('end', () => resolve({ status: res.statusCode, text }));
      res.on('error', reject);
    });
    req.on('error', reject);
    req.end(body);
  });
}

async function load(perSecond, seconds) {
  const times = [];
  const faults = {};
  let [crossed, sent, most] = [0, 0, 0];
  const open = [];
  const start = performance.now();
  const total = perSecond * seconds;
  while (sent < total) {
    const due = Math.min(total, Math.floor(((performance.now() - start) / 1000) * perSecond));
    for (; sent < due; sent += 1) {
      const caller = callers[sent % CALLERS];
      const from = performance.now();
      open.push(
        call(caller, 10_300 + (sent % 8))
          .then(({ status, text }) => {
            times.push(performance.now() - from);
            const other = NAMES.find((name) => name !== caller.customer);
            if (text.includes(`A ticket of ${other}`)) crossed += 1;
            else if (!text.includes(`A ticket of ${caller.customer}`)) {
              const what =
                status === 200 ? (/[A-Z]+_[A-Z_]+/.exec(text)?.[0] ?? '200 without a ticket') : String(status);
              faults[what] = (faults[what] ?? 0) + 1;
            }
          })
          .catch((error) => {
            faults[error.code ?? error.message] = (faults[error.code ?? error.message] ?? 0) + 1;
          }),
      );
    }
    most = Math.max(most, memory());
    await delay(5);
  }
  await Promise.all(open);
  const took = (performance.now() - start) / 1000;
  times.sort((a, b) => a - b);
  const at = (share) => (times[Math.floor(times.length * share)] ?? Number.NaN).toFixed(0);
  console.log(
    `${perSecond} a second for ${seconds} s: ${times.length} answers in ${took.toFixed(1)} s, faults ${JSON.stringify(faults)}, crossed ${crossed}, p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, memory ${memory().toFixed(0)} MB at the end, ${most.toFixed(0)} MB at most`,
  );
}

async function idle(count) {
  const sockets = [];
  let [open, refused] = [0, 0];
  for (let made = 0; made < count; made += 1) {
    const socket = connect(Number(url.port), url.hostname);
    socket.on('connect', () => {
      open += 1;
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      refused += 1;
    });
    sockets.push(socket);
    if (made % 200 === 199) await delay(20);
  }
  await delay(1000);
  const held = memory().toFixed(0);
  console.log(`${count} idle connections: ${open} were taken, ${refused} of them closed again, memory ${held} MB`);
  for (const socket of sockets) socket.destroy();
  await delay(500);
  const { status } = await call(callers[0], 10_300);
  console.log(`a call after that: HTTP ${status}, memory ${memory().toFixed(0)} MB`);
}

try {
  await load(20, 3);
  const held = [];
  for (let quarter = 1; quarter <= 4; quarter += 1) {
    await load(PER_SECOND, Math.ceil(SECONDS / 4));
    held.push(await heldMemory());
  }
  console.log(`held after each quarter of that: ${held.join(', ')} MB`);
  await load(500, Math.min(SECONDS, 20));
  console.log(`held: ${await heldMemory()} MB`);
  agent.destroy();
  await idle(IDLE);
} finally {
  server.kill('SIGKILL');
  await Promise.all(halos.map((halo) => halo.close()));
}
process.exit(0);
