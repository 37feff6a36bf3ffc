/** Checks docs/faults.md and the tests against each other. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fileLinks } from '../docs/markdown.js';
import { faultsIn, filesIn, sorted, textOfAll } from './marks.js';

const page = readFileSync('docs/faults.md', 'utf8');
const rows = page.split('\n').flatMap((line) => {
  const [, id, fault, promise] = /^\| ([A-Z]\d{2}) \| (.+) \| (.+) \|$/.exec(line) ?? [];
  return id === undefined ? [] : [{ id, fault, promise }];
});
// The worked cases of revenue have similar ids.
const tests = filesIn(['test']).filter((file) => !/\/(finance|revenue|guards)\//.test(file));

test('every fault that a test names has its row, once, and every row has a test', () => {
  expect(sorted(rows.map(({ id }) => id))).toEqual(sorted(faultsIn(textOfAll(tests))));
});

test.each(rows)('$id says what is promised', ({ fault, promise }) => {
  expect(fault).toMatch(/\w/);
  expect(promise).toMatch(/^[A-Z`"0-9].*\.$/);
});

test('its links lead somewhere', () => {
  expect(fileLinks(page).filter((link) => !existsSync(join('docs', link)))).toEqual([]);
});
