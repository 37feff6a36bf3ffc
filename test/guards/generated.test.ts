import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { cards } from '../../scripts/cards.js';
import { generated } from '../../scripts/generated.js';

const files = await generated();

test.each(Object.entries(files))('%s is as `npm run generate` writes it', (path, content) => {
  expect(readFileSync(path, 'utf8')).toBe(content);
});

test('no snapshot is left of a tool that is gone', () => {
  const known = Object.keys(files).filter((path) => path.startsWith('test/snapshots/tools/'));
  expect(
    readdirSync('test/snapshots/tools')
      .map((name) => `test/snapshots/tools/${name}`)
      .sort(),
  ).toEqual(known.sort());
});

test('the built command lists the bundled packs as their code defines them', async () => {
  expect(JSON.parse(readFileSync('dist/cards.json', 'utf8'))).toEqual(JSON.parse(JSON.stringify(await cards())));
});
