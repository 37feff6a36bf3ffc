/** Checks docs/revenue-rules.md and the revenue engine against each other. */
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { FLAGS } from '../../revenue/index.js';
import { fileLinks } from '../docs/markdown.js';
import { vectors as furtherVectors } from '../revenue/next.js';
import { arithmetic_vectors, metric_vectors, period_vectors, vectors } from '../revenue/vectors.js';
import { filesIn, openings, rulesIn, sorted, textOfAll } from './marks.js';

const page = readFileSync('docs/revenue-rules.md', 'utf8');
const engine = textOfAll(filesIn(['plugins/finance', 'plugins/insights', 'revenue']));
const testFiles = filesIn(['test']).filter((file) => file.endsWith('.test.ts'));
const engineTests = testFiles.filter((file) => /\b(finance|insights|revenue)\//.test(file));

/** The sections of the page with an example or cases, by heading. */
const sections = page
  .split(/^#{2,3} /m)
  .slice(1)
  .map((text) => ({ heading: text.split('\n')[0] ?? '', text }))
  .filter(({ text }) => /^(Example|Cases): /m.test(text));
const headed = sections
  .map(({ heading }) => /^(C-[a-z]|[A-Z]\d{1,2}) /.exec(heading)?.[1])
  .filter((id) => id !== undefined);
const cases = new Map(
  sections.map(({ heading, text }) => [heading, /^Cases: (.+)$/m.exec(text)?.[1]?.split(', ') ?? []]),
);

describe('the rules of revenue', () => {
  test('every rule that the code names has its heading, once', () => {
    expect(sorted(headed)).toEqual(sorted(rulesIn(engine)));
  });

  test('every rule of the page is named by a test', () => {
    const named = rulesIn(openings(textOfAll(engineTests)));
    expect(headed.filter((id) => !named.has(id))).toEqual([]);
  });

  test.each(sections)('$heading: a sentence, an example, and its cases', ({ text }) => {
    const [, sentence = '', ...rest] = text.split('\n\n').map((part) => part.trim());
    expect(sentence).toMatch(/\.$/);
    expect(rest.find((part) => part.startsWith('Example: '))).toMatch(/\.$/);
    expect(rest.find((part) => part.startsWith('Cases: '))).toBeDefined();
  });

  test('every case of the page is a worked case or a file of tests, and no worked case is left out', () => {
    const worked = [...vectors, ...furtherVectors, ...period_vectors, ...metric_vectors, ...arithmetic_vectors].map(
      ({ id }) => id,
    );
    const named = [...cases.values()].flat();
    const known = new Set([...worked, ...engineTests.map((file) => basename(file))]);
    expect(named.filter((one) => !known.has(one))).toEqual([]);
    expect(worked.filter((id) => !new RegExp(`\\b${id}\\b`).test(page))).toEqual([]);
  });

  test('its links lead somewhere', () => {
    expect(fileLinks(page).filter((link) => !existsSync(join('docs', link)))).toEqual([]);
  });

  test('every flag is raised by a worked case or named by a test', () => {
    const texts = `${textOfAll(engineTests)}${JSON.stringify(vectors.map(({ expected }) => expected))}`;
    expect(Object.keys(FLAGS).filter((code) => !new RegExp(`['"]${code}['"]`).test(texts))).toEqual([]);
  });
});
