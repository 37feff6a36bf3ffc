// The longest block of the server's event loop while it makes an answer, and the memory it takes: notes of nested HTML,
// bodies of many names and many brackets, a book of 10,000 invoices. Linux, after `npm run build`.
// node bench/blocks.mjs
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { WATCH } from './watch.mjs';

const dist = (file) => fileURLToPath(new URL(`../dist/${file}`, import.meta.url));
const MIB = 2 ** 20;

/** Passes everything to the sandbox, except the path that it answers itself. */
async function front(url, path, body) {
  const server = createServer((incoming, outgoing) => {
    if (path !== undefined && incoming.url.startsWith(path)) {
      outgoing.writeHead(200, { 'content-type': 'application/json' });
      outgoing.end(body);
      return;
    }
    const { method, headers } = incoming;
    const onward = request(url + incoming.url, { method, headers, agent: false }, (answer) => {
      outgoing.writeHead(answer.statusCode, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on('error', () => outgoing.destroy());
    incoming.pipe(onward);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}

async function measure(name, { path, body, tool, args = {}, sizes = [] }) {
  const sandbox = spawn(process.execPath, [dist('sandbox.js'), ...sizes], { stdio: ['pipe', 'pipe', 'inherit'] });
  const { url, clientId, clientSecret } = await new Promise((resolve) =>
    createInterface({ input: sandbox.stdout }).once('line', (text) => resolve(JSON.parse(text))),
  );
  const proxy = await front(url, path, body);
  const folder = mkdtempSync(join(tmpdir(), 'halo-mcp-blocks-'));
  writeFileSync(join(folder, 'watch.mjs'), WATCH);
  const config = { halo: { requestsPer5Minutes: 100_000 }, plugins: ['./watch.mjs', 'tickets', 'clients', 'finance'] };
  writeFileSync(join(folder, 'config.json'), JSON.stringify(config));
  const server = spawn(process.execPath, [dist('halo-mcp.js'), '--config', join(folder, 'config.json')], {
    cwd: folder,
    env: { HALO_INSTANCE_URL: proxy.url, HALO_CLIENT_ID: clientId, HALO_CLIENT_SECRET: clientSecret },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const waiting = new Map();
  createInterface({ input: server.stdout }).on('line', (text) => {
    const message = JSON.parse(text);
    if (message.method === undefined) waiting.get(message.id)?.(message.result);
  });
  let last = 0;
  const call = (tool, args = {}) =>
    new Promise((resolve) => {
      last += 1;
      waiting.set(last, resolve);
      const params = { name: tool, arguments: args, _meta: { progressToken: last } };
      server.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id: last, method: 'tools/call', params })}\n`);
    });
  const memory = (what) =>
    Number(new RegExp(`${what}:\\s+(\\d+)`).exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))[1]) * 1024;
  // Loads the code that loads on first use.
  await call('list_clients', { page_size: 1 });
  await call('get_ticket', { id: 10320 });
  await call('longest_block');
  const before = memory('VmRSS');
  const started = performance.now();
  const { content } = await call(tool, args);
  const seconds = (performance.now() - started) / 1000;
  const { structuredContent } = await call('longest_block');
  console.log(
    `${name}: ${seconds.toFixed(2)} s, longest block ${structuredContent.ms.toFixed(0)} ms, memory +${((memory('VmHWM') - before) / MIB).toFixed(0)} MiB: ${content[0].text.split('\n')[0].slice(0, 90)}`,
  );
  server.kill();
  sandbox.kill();
  proxy.close();
}

/** Nearly 8 MiB of repeated pieces. */
function filled(piece) {
  const pieces = [];
  for (let length = 0; length < 7.9 * MIB; length += 1 + pieces.at(-1).length) pieces.push(piece(pieces.length));
  return pieces.join();
}
const notes = (html) => {
  const note = html.repeat(Math.ceil(200_000 / html.length)).slice(0, 200_000);
  const actions = Array.from({ length: 40 }, (_, index) => ({
    id: index + 1,
    ticket_id: 1,
    who: 'Ann',
    outcome: 'Email',
    datetime: '2026-10-01T10:00:00Z',
    note_html: note,
  }));
  return JSON.stringify({ record_count: 40, actions });
};
const tickets = (rows) => `{"record_count":2,"tickets":[${rows}]}`;

for (const html of ['<b>x', '<div><span>', '<p>Hello <b>there</b></p>', '<table><tr><td>x'])
  await measure(`40 notes of 200 kB of ${html}`, {
    path: '/api/Actions',
    body: notes(html),
    tool: 'list_actions',
    args: { ticket_id: 1, page_size: 40 },
  });
await measure('8 MiB of different keys', {
  path: '/api/Tickets',
  body: `{${filled((n) => `"k${n}":1`)}}`,
  tool: 'list_tickets',
});
await measure('8 MiB of objects', {
  path: '/api/Tickets',
  body: tickets(filled((n) => `{"id":${n},"summary":"${n}"}`)),
  tool: 'list_tickets',
});
await measure('a text of 7 million brackets', {
  path: '/api/Tickets',
  body: tickets(`{"id":1,"summary":"${'['.repeat(7e6)}"},{"id":2,"summary":"x"}`),
  tool: 'list_tickets',
});
await measure('a book of 10,000 invoices', {
  tool: 'revenue_breakdown',
  args: { from: '2022-01-01', to: '2026-12-31' },
  sizes: ['--invoices', '10000', '--recurring-invoices', '1250', '--contracts', '660'],
});
