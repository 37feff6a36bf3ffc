import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { emptyFolder } from '../session.js';
import { command } from './command.js';
import { read } from './markdown.js';

/** Each pack that is off by default: the file that docs/tools.md gives for it, and its examples. */
const PACKS = read('docs/tools.md')
  .split('\n## ')
  .flatMap((section) => {
    const [, option, file, content] =
      /off unless the config names it\. Its examples run with `(--config (\S+))` after `--sandbox`; that file holds `(.*)`/.exec(
        section,
      ) ?? [];
    if (option === undefined || file === undefined || content === undefined) return [];
    const examples = [...section.matchAll(/^\$ halo-mcp (call .* --sandbox)$/gm)].map(([, line]) => line as string);
    return [{ file, content, option, examples }];
  });

test('each pack that is off by default has its file', () => {
  expect(PACKS.map(({ file }) => file)).toEqual([
    ...['insights.json', 'agreements.json', 'receivables.json', 'desk-actions.json'],
  ]);
});

const wordsOf = (line: string) => [...line.matchAll(/(?:[^\s"]|"[^"]*")+/g)].map(([word]) => word.replaceAll('"', ''));

test.each(PACKS.map((pack) => [pack.file, pack] as const))(
  'the first and the last example of %s run with it, and lack no scope',
  async (_, { file, content, option, examples }) => {
    const cwd = emptyFolder();
    writeFileSync(join(cwd, file), content);
    expect(examples.length).toBeGreaterThan(1);
    for (const line of [examples[0], examples.at(-1)]) {
      const asked = wordsOf(`${line} ${option}${file === 'desk-actions.json' ? ' --yes' : ''}`);
      const { code, stdout, stderr } = await command(asked, {}, cwd);
      expect({ line, code, stderr: file === 'desk-actions.json' ? '' : stderr }).toEqual({ line, code: 0, stderr: '' });
      expect(stdout).not.toContain('"scopes" in the config can name');
    }
  },
);
