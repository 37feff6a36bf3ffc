// The protocol's own conformance suite against this HTTP host: all of it against the suite's server (test/conformance),
// and what any server must do against the product on the sandbox. What may fail stands in test/conformance/expected.json,
// each with its reason; what stands there and passes fails too.
// The suite needs Node 22, which comes from npm for this step. Where npm can't be reached it says so and ends well, unless
// CONFORMANCE=required.
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundled } from './bundle.mjs';

const SUITE = ['-y', '-p', 'node@22', '-p', '@modelcontextprotocol/conformance@0.2.0-alpha.12', 'conformance'];
/** For npm to bring the suite, and for one run of it. */
const LIMIT_MS = { install: 180_000, run: 180_000 };
const REVISIONS = ['2025-11-25', '2026-07-28'];
const expected = JSON.parse(readFileSync(new URL('../test/conformance/expected.json', import.meta.url), 'utf8'));
const only = process.argv[2];

/** Runs a command to its end. */
function ran(command, args, limit) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], timeout: limit, killSignal: 'SIGKILL' });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (text) => {
        output += text;
      });
    child.on('error', (error) => resolve({ code: -1, output: String(error) }));
    child.on('close', (code) => resolve({ code: code ?? -1, output }));
  });
}

/** Starts a server, and gives its address once it says it. */
function started(args) {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  return new Promise((resolve, reject) => {
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (text) => {
        said += text;
        const [url] = /http:\/\/127\.0\.0\.1:\d+\/mcp/.exec(said) ?? [];
        if (url !== undefined) resolve({ url, stop: () => child.kill('SIGKILL') });
      });
    child.on('close', () => reject(new Error(said)));
  });
}

/** The checks that failed of every scenario that was run, by the folders that the suite writes. */
function failuresIn(folder) {
  const failures = {};
  let scenarios = 0;
  for (const name of readdirSync(folder, { recursive: true })) {
    if (!name.endsWith('checks.json')) continue;
    scenarios += 1;
    const scenario = name
      .split('/')
      .at(-2)
      .replace(/^server-(.*)-\d{4}-\d\d-\d\dT.*$/, '$1');
    for (const { id, status, errorMessage } of JSON.parse(readFileSync(join(folder, name), 'utf8')))
      if (status === 'FAILURE') failures[`${scenario}: ${id}`] = errorMessage ?? '';
  }
  return { failures, scenarios };
}

const server = await bundled('test/conformance/server.ts');
const product = ['dist/halo-mcp.js', 'serve', '--sandbox', '--no-auth', '--http', '127.0.0.1:0'];
const TARGETS = {
  fixture: { args: { '2025-11-25': [server, 'sessions'], '2026-07-28': [server] } },
  product: { args: { '2025-11-25': [...product, '--sessions'], '2026-07-28': product } },
};

const suite = await ran('npx', [...SUITE, 'list'], LIMIT_MS.install);
if (suite.code !== 0) {
  console.error(`The conformance suite could not be had from npm:\n${suite.output.slice(-2000)}`);
  console.error('Nothing was checked.');
  process.exit(process.env.CONFORMANCE === 'required' ? 1 : 0);
}

let bad = 0;
for (const [target, { args }] of Object.entries(TARGETS))
  for (const revision of REVISIONS) {
    if (only !== undefined && only !== target) continue;
    const folder = mkdtempSync(join(tmpdir(), 'conformance-'));
    const running = await started(args[revision]);
    const { output } = await ran(
      'npx',
      [...SUITE, 'server', '--url', running.url, '--requirements', revision, '-o', folder],
      LIMIT_MS.run,
    );
    running.stop();
    const { failures, scenarios } = failuresIn(folder);
    const may = expected[target]?.[revision] ?? {};
    const surprising = Object.entries(failures).filter(([check]) => !(check in may));
    const stale = Object.keys(may).filter((check) => !(check in failures));
    console.log(`${target}, ${revision}: ${scenarios} scenarios, ${Object.keys(failures).length} checks failed, ${Object.keys(may).length} of them expected`);
    for (const [check, why] of surprising) console.log(`  failed: ${check}: ${why}`);
    for (const check of stale) console.log(`  expected to fail, and did not: ${check}`);
    if (scenarios === 0) console.log(output.slice(-3000));
    bad += surprising.length + stale.length + (scenarios === 0 ? 1 : 0);
    if (process.env.VERBOSE) console.log(output);
  }
process.exit(bad === 0 ? 0 : 1);
