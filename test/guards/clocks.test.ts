/** On a busy machine everything is late, so tests about time must control their clock. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { filesIn } from './marks.js';

const files = filesIn(['test', 'kit']).filter((file) => file !== 'test/guards/clocks.test.ts');
const sources = files.map((file) => ({ file, text: readFileSync(file, 'utf8') }));

const READS = /\bperformance\.now\(|\bDate\.now\(/;
/** In such a file time is stopped, or moves as the tests say. */
const HOLDS = /useFakeTimers|worldClock\(|fakeClock\(|spyOn\(performance|\bmeet\b.*from '\.\/upstream\.js'/;

/** Files that read a clock for others, which control it. */
const FOR_OTHERS: Record<string, string> = {
  'test/core/store/budget.test.ts': 'when requests left, against the clock of a real store',
  'test/core/halo/fake.ts': 'the end of a caller, which is given as a moment',
  'test/faults/scripted-halo.ts': 'the ledger puts it onto a clock of its own',
};

const having = (pattern: RegExp) => sources.filter(({ text }) => pattern.test(text)).map(({ file }) => file);

test('whoever reads a clock holds it', () => {
  const holding = new Set([...having(HOLDS), ...Object.keys(FOR_OTHERS)]);
  expect(having(READS).filter((file) => !holding.has(file))).toEqual([]);
});

test('no exception is left of a file that reads no clock', () => {
  expect(Object.keys(FOR_OTHERS).filter((file) => !having(READS).includes(file))).toEqual([]);
});

test('nothing measures processor time', () => {
  expect(having(/\bhrtime\b|\bcpuUsage\b|\bprocess\.uptime\b/)).toEqual([]);
});

test('no test is named for a span of real time', () => {
  const named = having(/^\s*(?:test|it|describe)\b.*['"`].*\b(?:within|less than|in under) \d+ ?m?s\b/m);
  const holding = new Set(having(HOLDS));
  expect(named.filter((file) => !holding.has(file))).toEqual([]);
});
