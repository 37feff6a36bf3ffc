/** Whether a client that searches tools by words finds the right one, and the rules for writing definitions. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { encode } from 'gpt-tokenizer/encoding/o200k_base';
import { expect, test } from 'vitest';
import { bundled } from '../../cli/packs.js';
import { defaultNames } from '../packs.js';
import { choose, type Definition } from './rank.js';

const snapshot = (name: string): Definition =>
  JSON.parse(readFileSync(new URL(`../snapshots/tools/${name}.json`, import.meta.url), 'utf8')) as Definition;

const definitions = defaultNames.map(snapshot);

const everyTool = (await Promise.all(Object.values(bundled).map(({ load }) => load()))).flatMap(({ tools }) => tools);

/**
 * What is held. The aim is 75 % at first place: the measure takes one record and many for one word (`ticket`,
 * `tickets`), knows no number, and multiplies a score by the words that match, `is` and `the` among them. Of the 216
 * sealed ones, which no definition was fitted to, 65 % come first and 88 % among three.
 */
test('of the open questions at least 76 % find their tool first, and 92 % among three', () => {
  const { asked, first, amongThree, missed } = choose(definitions, './open.json');
  expect(first / asked, missed.join('\n')).toBeGreaterThanOrEqual(0.76);
  expect(amongThree / asked, missed.join('\n')).toBeGreaterThanOrEqual(0.92);
});

/**
 * The commonest words of questions, which say nothing of the tool. One that stands in a single definition pulls every
 * question there that has it: a `the` costs two questions of a hundred.
 */
const COMMON = ['the', 'what', 'on', 'how', 'is', 'it'];

test.each(COMMON)('`%s` stands in all definitions of one record or in none; so with the others', (word) => {
  const has = ({ title, description }: Definition) => new RegExp(`\\b${word}\\b`, 'i').test(`${title} ${description}`);
  for (const one of [true, false]) {
    const kind = definitions.filter(({ name }) => name.startsWith('get_') === one);
    const having = kind.filter(has).map(({ name }) => name);
    expect([0, kind.length], having.join(' ')).toContain(having.length);
  }
});

test('the sealed questions are those of people who had not read the definitions', () => {
  const bytes = readFileSync(new URL('./sealed.json', import.meta.url));
  expect(createHash('sha256').update(bytes).digest('hex')).toBe(
    '16c0db781194713cbef3a3c12dff087f867aa0a396633216e8fc7506a93c4049',
  );
});

test('every default tool has three questions of each half at least', () => {
  for (const file of ['./open.json', './sealed.json']) {
    const questions = JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8')) as { tool: string }[];
    const counts = defaultNames.map((name) => [name, questions.filter(({ tool }) => tool === name).length] as const);
    expect(counts.filter(([, count]) => count < 3)).toEqual([]);
  }
});

/** Orders to the model, which a definition must not give; only "use NAME for" is allowed. */
const ORDERS = /\b(you|your|must|always|please|important|make sure|remember|never call|do not|don't|quote the)\b/i;

test.each(everyTool.map((tool) => [tool.name, tool.description]))('the definition of %s is prose', (_name, text) => {
  expect(text).toMatch(/^[A-Z].*\.$/);
  expect(text).not.toMatch(ORDERS);
  expect(encode(text).length).toBeLessThanOrEqual(250);
});

test('a definition names tools that there are', () => {
  const names = new Set(everyTool.map(({ name }) => name));
  const named = everyTool.flatMap(({ description }) => description.match(/\buse ([a-z]+(?:_[a-z]+)+)/g) ?? []);
  expect(named.length).toBeGreaterThan(5);
  expect(named.filter((use) => !names.has(use.slice(4)))).toEqual([]);
});
