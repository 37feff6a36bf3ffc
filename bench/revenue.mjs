// revenue_breakdown over books of 1,000, 10,000 and 100,000 invoices: requests, CPU, the server's peak memory, and the
// longest block of its event loop. node bench/revenue.mjs [invoices …]
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { counter } from './counter.mjs';
import { cpuOf, dist, here, MIB, memoryOf, startHalo, startServer } from './process.mjs';
import { WATCH } from './watch.mjs';

/** One book. All of its invoices are within five years, so one window covers them. */
export async function book(invoices) {
  const sizes = [invoices, Math.round(invoices / 8), Math.round(invoices / 15)];
  const flags = ['--invoices', '--recurring-invoices', '--contracts'].flatMap((flag, n) => [flag, String(sizes[n])]);
  const halo = await startHalo(dist('sandbox.js'), flags);
  const { url, clientId, clientSecret } = JSON.parse(halo.line);
  const front = await counter(url);
  const folder = mkdtempSync(join(tmpdir(), 'halo-mcp-book-'));
  writeFileSync(join(folder, 'watch.mjs'), WATCH);
  const config = { halo: { requestsPer5Minutes: 100_000 }, plugins: ['./watch.mjs', 'clients', 'finance'] };
  writeFileSync(join(folder, 'config.json'), JSON.stringify(config));
  const server = startServer({
    args: ['--config', join(folder, 'config.json')],
    env: { HALO_INSTANCE_URL: front.url, HALO_CLIENT_ID: clientId, HALO_CLIENT_SECRET: clientSecret },
  });
  await server.greet();
  // Loads the code that loads on first use.
  await server.call('list_clients', { page_size: 1 });
  await server.call('longest_block');
  const [before, started, asked] = [cpuOf(server.pid), performance.now(), front.count()];
  const { structuredContent } = await server.call('revenue_breakdown', { from: '2022-01-01', to: '2026-12-31' });
  const figures = {
    ...{ invoices: structuredContent.method.fetched.invoices, complete: structuredContent.method.complete },
    ...{ cpu: (cpuOf(server.pid) - before) / 1000, seconds: (performance.now() - started) / 1000 },
    ...{ memory: memoryOf(server.pid, 'VmHWM') / MIB, requests: front.count() - asked },
    longestBlock: (await server.call('longest_block')).structuredContent.ms,
  };
  server.close();
  halo.close();
  front.close();
  return figures;
}

if (process.argv[1] === here('revenue.mjs')) {
  const asked = process.argv.slice(2).map(Number);
  for (const invoices of asked.length > 0 ? asked : [1000, 10_000, 100_000]) console.log(await book(invoices));
}
