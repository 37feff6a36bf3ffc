// Runs the protocol's conformance suite against this HTTP host: all of it against the suite's server
// (test/conformance), and what applies to every server against the product on the sandbox.
// test/conformance/expected.json lists what may fail, and why; a listed scenario that passes is a failure too. The
// suite needs Node 22, which npm fetches for this step. If npm can't be reached, it says so and succeeds, unless
// CONFORMANCE=required.
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundled } from './bundle.mjs';

const SUITE = ['-y', '-p', 'node@22', '-p', '@modelcontextprotocol/conformance@0.2.0-alpha.12', 'conformance'];
/** For npm to fetch the suite, for a server to start, and for one run. */
const LIMIT_MS = { install: 180_000, start: 30_000, run: 180_000 };
const REVISIONS = ['2025-11-25', '2026-07-28'];
const expected = JSON.parse(readFileSync(new URL('../test/conformance/expected.json', import.meta.url), 'utf8'));
const only = process.argv[2];
const folder = mkdtempSync(join(tmpdir(), 'conformance-'));

/** Runs a command to its end. */
function ran(command, args, timeout) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], timeout, killSignal: 'SIGKILL' });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (text) => {
        output += text;
      });
    child.on('error', (error) => resolve({ code: -1, output: String(error) }));
    child.on('close', (code) => resolve({ code: code ?? -1, output }));
  });
}

/** Starts a server and returns its address once it prints it. */
function started(args) {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const stop = () => child.kill('SIGKILL');
  return new Promise((resolve, reject) => {
    const late = setTimeout(stop, LIMIT_MS.start);
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (text) => {
        said += text;
        const [url] = /http:\/\/127\.0\.0\.1:\d+\/mcp/.exec(said) ?? [];
        if (url === undefined) return;
        clearTimeout(late);
        resolve({ url, stop });
      });
    child.on('close', () => reject(new Error(said)));
  });
}

/** The results of the scenarios that count, from the folders that the suite writes. */
function readResults(results, counts) {
  const failures = {};
  let [scenarios, passed] = [0, 0];
  for (const name of readdirSync(results, { recursive: true })) {
    if (!name.endsWith('checks.json')) continue;
    const scenario = name
      .split('/')
      .at(-2)
      .replace(/^server-(.*)-\d{4}-\d\d-\d\dT.*$/, '$1');
    if (counts !== 'all' && !counts.includes(scenario)) continue;
    scenarios += 1;
    for (const { id, status, errorMessage } of JSON.parse(readFileSync(join(results, name), 'utf8'))) {
      if (status === 'FAILURE') failures[`${scenario}: ${id}`] = errorMessage ?? '';
      if (status === 'SUCCESS') passed += 1;
    }
  }
  return { failures, scenarios, passed };
}

/** Reports the result of a run. @returns whether it is as expected */
function judge(target, revision, { failures, scenarios, passed }) {
  const may = expected[target].mayFail[revision];
  const reasonOf = (check) => may[check] ?? may[check.split(':')[0]];
  const failed = Object.keys(failures);
  const surprising = failed.filter((check) => reasonOf(check) === undefined);
  const stale = Object.keys(may).filter((one) => !failed.some((check) => check === one || check.startsWith(`${one}:`)));
  console.log(
    `${target}, ${revision}: ${scenarios} scenarios, ${passed} checks passed, ${failed.length} failed, ${failed.length - surprising.length} of them as expected`,
  );
  for (const check of surprising) console.log(`  failed: ${check}: ${failures[check]}`);
  for (const one of stale) console.log(`  expected to fail, and did not: ${one}`);
  return scenarios > 0 && surprising.length === 0 && stale.length === 0;
}

const suite = await ran('npx', [...SUITE, 'list'], LIMIT_MS.install);
if (suite.code !== 0) {
  console.log(suite.output.slice(-1500));
  console.log('The conformance suite could not be had from npm, so nothing was checked.');
  process.exit(process.env.CONFORMANCE === 'required' ? 1 : 0);
}

const fixture = await bundled('test/conformance/server.ts');
const config = join(folder, 'halo-mcp.config.json');
// The suite sends requests faster than people do.
writeFileSync(config, JSON.stringify({ http: { callsPerMinute: 10_000 } }));
const product = ['dist/halo-mcp.js', 'serve', '--sandbox', '--no-auth', '--http', '127.0.0.1:0', '--config', config];
/** The older revision is tested with sessions, which much of it needs; the newer has none. */
const SERVERS = {
  fixture: { '2025-11-25': [fixture, 'sessions'], '2026-07-28': [fixture] },
  product: { '2025-11-25': [...product, '--sessions'], '2026-07-28': product },
};

let good = true;
for (const [target, servers] of Object.entries(SERVERS))
  for (const revision of REVISIONS) {
    if (only !== undefined && only !== target) continue;
    const results = join(folder, `${target}-${revision}`);
    const { url, stop } = await started(servers[revision]);
    const args = [...SUITE, 'server', '--url', url, '--requirements', revision, '-o', results];
    const { output } = await ran('npx', args, LIMIT_MS.run);
    stop();
    const asExpected = judge(target, revision, readResults(results, expected[target].scenarios));
    if (!asExpected) console.log(output.slice(-500));
    good &&= asExpected;
  }
process.exit(good ? 0 : 1);
