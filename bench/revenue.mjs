// revenue_breakdown over books of 1,000, 10,000 and 100,000 invoices: requests, seconds, the server's peak memory, and
// what each further invoice takes above the first book, in which the server's own memory is.
// node bench/revenue.mjs [invoices …]
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import { tmpdir } from 'node:os';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const dist = (file) => fileURLToPath(new URL(`../dist/${file}`, import.meta.url));
const line = (child) =>
  new Promise((resolve) => createInterface({ input: child.stdout }).once('line', (text) => resolve(JSON.parse(text))));

/** A counter in front of the sandbox: it passes everything on and counts what passes. */
async function counter(url) {
  const seen = {};
  const server = createServer((incoming, outgoing) => {
    const path = incoming.url.split('?')[0];
    seen[path] = (seen[path] ?? 0) + 1;
    const { method, headers } = incoming;
    const onward = request(url + incoming.url, { method, headers, agent: false }, (answer) => {
      outgoing.writeHead(answer.statusCode, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on('error', () => outgoing.destroy());
    incoming.pipe(onward);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${server.address().port}`, seen, close: () => server.close() };
}

async function measure(invoices) {
  const sizes = [
    '--invoices',
    invoices,
    '--recurring-invoices',
    Math.round(invoices / 8),
    '--contracts',
    Math.round(invoices / 15),
  ].map(String);
  const sandbox = spawn(process.execPath, [dist('sandbox.js'), ...sizes], { stdio: ['pipe', 'pipe', 'inherit'] });
  const { url, clientId, clientSecret } = await line(sandbox);
  const proxy = await counter(url);
  const env = {
    HALO_INSTANCE_URL: proxy.url,
    HALO_CLIENT_ID: clientId,
    HALO_CLIENT_SECRET: clientSecret,
    HALO_MCP_CONFIG: fileURLToPath(new URL('./unhurried.json', import.meta.url)),
  };
  const server = spawn(process.execPath, [dist('halo-mcp.js')], {
    cwd: tmpdir(),
    env,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const call = (id, args) =>
    new Promise((resolve) => {
      const lines = createInterface({ input: server.stdout });
      lines.on('line', (text) => {
        const message = JSON.parse(text);
        if (message.id !== id) return;
        lines.close();
        resolve(message.result);
      });
      const params = { name: 'revenue_breakdown', arguments: args, _meta: { progressToken: id } };
      server.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id, method: 'tools/call', params })}\n`);
    });
  const started = performance.now();
  // All invoices lie within five years, so one window takes them all.
  const { structuredContent, content, isError } = await call(1, { from: '2022-01-01', to: '2026-12-31' });
  if (isError) throw new Error(content[0].text);
  const seconds = (performance.now() - started) / 1000;
  // The highest that this process ever had in memory.
  const peak = Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))?.[1]);
  server.kill();
  sandbox.kill();
  proxy.close();
  const { complete, fetched } = structuredContent.method;
  if (!complete) console.log(content[0].text.slice(0, 300));
  return { fetched, requests: grouped(proxy.seen), seconds, peak };
}

const asked = process.argv.slice(2).map(Number);
let base;
for (const invoices of asked.length > 0 ? asked : [1000, 10_000, 100_000]) {
  const { fetched, requests, seconds, peak } = await measure(invoices);
  const each = base && (peak - base.peak) / (fetched.invoices - base.invoices);
  base ??= { peak, invoices: fetched.invoices };
  console.log(
    `${fetched.invoices} invoices, ${fetched.recurring_invoices} recurring invoices, ${fetched.contracts} contracts: ` +
      `${seconds.toFixed(1)} s, peak ${(peak / 1024).toFixed(0)} MB${each ? `, ${each.toFixed(1)} KB for each further invoice` : ''}`,
  );
  console.log(
    `  ${Object.entries(requests)
      .map(([path, count]) => `${path} ${count}`)
      .join(', ')}`,
  );
}

function grouped(seen) {
  const sums = {};
  for (const [path, count] of Object.entries(seen)) {
    const resource = path.replace(/\/-?\d+$/, '/{id}');
    sums[resource] = (sums[resource] ?? 0) + count;
  }
  return sums;
}
