// npm run bench: what this server costs, as a table and as JSON (reports/bench.json), after `npm run build`. Linux.
//   --quick   tokens, requests and packages alone     --check   fails where one of them is worse than in baseline.json
//   --long    the book of 100,000 invoices and 50,000 calls as well     --save   makes this run the baseline
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { answers } from './answers.mjs';
import { calls, growth } from './calls.mjs';
import { installed } from './package.mjs';
import { here } from './process.mjs';
import { book } from './revenue.mjs';
import { start } from './start.mjs';

const has = (flag) => process.argv.includes(`--${flag}`);
const figures = { node: process.version, answers: await answers(), install: installed() };
if (!has('quick')) {
  figures.start = await start();
  figures.calls = await calls();
  figures.books = [];
  for (const size of [1000, 10_000, ...(has('long') ? [100_000] : [])]) figures.books.push(await book(size));
  if (has('long')) figures.growth = await growth(50_000);
}

const rows = [];
const row = (what, value, unit = '') =>
  rows.push([what, typeof value === 'number' ? Number(value.toFixed(2)) : value, unit]);
row('list of tools', figures.answers.list, 'tokens');
for (const [question, { tokens, requests }] of Object.entries(figures.answers.questions))
  row(question, `${tokens} / ${requests}`, 'tokens / requests');
row('installed packages', `${figures.install.packages.length} (${figures.install.packages.join(', ')})`);
row('installed size, own', `${figures.install.mib.toFixed(1)}, ${figures.install.own.toFixed(1)}`, 'MiB');
if (figures.start !== undefined) {
  const { ms, cpu, memory, bare, ratio, cpuRatio } = figures.start;
  row(
    'spawn to tools/list',
    `${ms.toFixed(0)} over ${bare.ms.toFixed(0)}: ${ratio.toFixed(2)}×`,
    'ms, over a bare responder',
  );
  row('CPU of it', `${cpu.toFixed(0)} over ${bare.cpu.toFixed(0)}: ${cpuRatio.toFixed(2)}×`, 'ms');
  row('memory then', `${memory.toFixed(0)} (bare ${bare.memory.toFixed(0)})`, 'MiB');
  for (const tool of ['list_tickets', 'list_clients']) {
    const { raw, alone, requests, at16, at64 } = figures.calls[tool];
    row(
      `${tool}, 50 rows`,
      `p50 ${alone.p50.toFixed(1)}, p99 ${alone.p99.toFixed(1)}, CPU ${alone.cpu.toFixed(1)}`,
      `ms; ${requests} requests a call`,
    );
    row(
      '  raw fetch and JSON.parse',
      `p50 ${raw.p50.toFixed(1)}, p99 ${raw.p99.toFixed(1)}, CPU ${raw.cpu.toFixed(1)}`,
      'ms',
    );
    for (const [many, one] of [
      [16, at16],
      [64, at64],
    ])
      row(
        `  ${many} in flight`,
        `${one.aSecond.toFixed(0)} a second, CPU ${one.cpu.toFixed(1)}, p99 ${one.p99.toFixed(0)}`,
        'ms',
      );
  }
  row(
    'CPU of a call by phase',
    Object.entries(figures.calls.phases)
      .map(([phase, ms]) => `${phase} ${ms.toFixed(1)}`)
      .join(', '),
    'ms',
  );
  for (const one of figures.books)
    row(
      `book of ${one.invoices} invoices`,
      `CPU ${one.cpu.toFixed(1)} s, peak ${one.memory.toFixed(0)} MiB, ${one.requests} requests, longest block ${one.longestBlock.toFixed(0)} ms`,
    );
  if (figures.growth !== undefined)
    row(`after ${figures.growth.calls} calls`, `+${figures.growth.mib.toFixed(1)}`, 'MiB');
}
const width = Math.max(...rows.map(([what]) => what.length));
for (const [what, value, unit] of rows) console.log(`${what.padEnd(width)}  ${value} ${unit}`);
mkdirSync(here('../reports'), { recursive: true });
writeFileSync(here('../reports/bench.json'), `${JSON.stringify(figures, null, 1)}\n`);
if (has('save')) writeFileSync(here('baseline.json'), `${JSON.stringify(figures, null, 1)}\n`);

/** The growth of an answer that passes: a new day can move a flag or a date in it, but never this many tokens. */
const SLACK = 1.03;
if (has('check')) {
  const base = JSON.parse(readFileSync(here('baseline.json'), 'utf8'));
  const worse = [];
  if (figures.answers.list > base.answers.list)
    worse.push(`the list of tools has ${figures.answers.list} tokens, not ${base.answers.list}`);
  for (const [question, now] of Object.entries(figures.answers.questions)) {
    const before = base.answers.questions[question];
    if (before === undefined) continue;
    if (now.requests > before.requests)
      worse.push(`"${question}" takes ${now.requests} requests, not ${before.requests}`);
    if (now.tokens > before.tokens * SLACK) worse.push(`"${question}" has ${now.tokens} tokens, not ${before.tokens}`);
  }
  const added = figures.install.packages.filter((name) => !base.install.packages.includes(name));
  if (added.length > 0) worse.push(`an installation brings ${added.join(', ')} as well`);
  for (const line of worse) console.error(`worse: ${line}`);
  if (worse.length > 0) {
    console.error('Where it has to be, say why in the commit, and save it: npm run bench -- --save');
    process.exitCode = 1;
  }
}
