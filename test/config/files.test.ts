import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { folderWith, found, JSON_NAME, loadOne, named, refusal } from './folder.js';

const kib = (count: number) => ' '.repeat(count * 1024);

/** What may be in place of a file, by its name in the sentence. */
const STRANGE: [string, (path: string) => void][] = [
  ['it is a folder, not a file', (path) => mkdirSync(path)],
  ['it is not a regular file', (path) => execFileSync('mkfifo', [path])],
  ['it is not a regular file', (path) => symlinkSync('/dev/zero', path)],
  ['it is not a regular file', (path) => symlinkSync('/dev/tty', path)],
];

describe.skipIf(process.platform === 'win32')('a path that is not a file of reasonable size is not waited for', () => {
  test.each(STRANGE)('as a config: %s', async (reason, make) => {
    for (const file of ['mine.json', 'mine.yaml', 'mine.mjs', JSON_NAME]) {
      const cwd = folderWith();
      make(join(cwd, file));
      const loading = loadOne({ env: {}, cwd, ...(file !== JSON_NAME && { file }) });
      expect(await refusal(loading)).toBe(
        `${file} can't be read: ${reason}. A config is a file of at most 1 MiB: name another one.`,
      );
    }
  });

  test.each(STRANGE)("as the client secret's file: %s", async (reason, make) => {
    const cwd = folderWith();
    make(join(cwd, 'secret'));
    const { clientSecret, warnings } = await loadOne({ env: { HALO_CLIENT_SECRET_FILE: 'secret' }, cwd });
    expect(clientSecret).toBeUndefined();
    expect(warnings).toEqual([
      `The client secret's file ${join(cwd, 'secret')} can't be read: ${reason}. Name a file that holds the secret and nothing else.`,
    ]);
  });

  test.runIf(process.platform === 'linux')('a file that says it is empty and never ends', async () => {
    const cwd = folderWith();
    symlinkSync('/proc/self/pagemap', join(cwd, 'mine.json'));
    expect(await refusal(loadOne({ file: 'mine.json', env: {}, cwd }))).toMatch(/can't be read/);
  });

  test('a link to a file is as good as the file', async () => {
    const cwd = folderWith({ real: 's3cret', 'real.json': { output: { maxTokens: 777 } } });
    symlinkSync('real', join(cwd, 'secret'));
    symlinkSync('real.json', join(cwd, 'mine.json'));
    const config = await loadOne({ file: 'mine.json', env: { HALO_CLIENT_SECRET_FILE: 'secret' }, cwd });
    expect(config).toMatchObject({ clientSecret: 's3cret', output: { maxTokens: 777 } });
  });
});

describe('a file that is too large', () => {
  test('a config of 1 MiB is read, one byte more is not', async () => {
    await expect(named(`{}${kib(1024).slice(2)}`)).resolves.toMatchObject({ exclude: [] });
    expect(await refusal(named(`${kib(1024)} `))).toContain("mine.json can't be read: it is larger than 1024 KiB.");
    expect(await refusal(found({ [JSON_NAME]: `${kib(1024)} ` }))).toContain('it is larger than 1024 KiB.');
  });

  test('a secret of 4 KiB is read, one byte more is not', async () => {
    const secret = async (text: string) => {
      const cwd = folderWith({ secret: text });
      return loadOne({ env: { HALO_CLIENT_SECRET_FILE: 'secret' }, cwd });
    };
    expect((await secret('s'.repeat(4096))).clientSecret).toHaveLength(4096);
    const { clientSecret, warnings } = await secret('s'.repeat(4097));
    expect(clientSecret).toBeUndefined();
    expect(warnings[0]).toMatch(/can't be read: it is larger than 4 KiB\./);
  });
});

const deep = (levels: number, open: string, close: string) => open.repeat(levels) + close.repeat(levels);
const bomb = [
  'a: &a [x, x, x, x, x, x, x, x, x, x]',
  ...[...'bcdefghi'].map((name, index) => {
    const before = 'abcdefgh'[index];
    return `${name}: &${name} [${Array.from({ length: 10 }, () => `*${before}`).join(', ')}]`;
  }),
].join('\n');

describe('an endless config, or one nearly so', () => {
  test.each([
    ['YAML that holds itself', 'mine.yaml', 'plugins: &a [*a]'],
    ['YAML that holds itself further down', 'mine.yaml', 'plugins:\n  - &a { use: tickets, options: { x: *a } }'],
    ['aliases that expand to a billion values', 'mine.yaml', bomb],
    ['a list of 10,001 values', 'mine.json', JSON.stringify({ exclude: Array.from({ length: 10_000 }, () => 'x') })],
    ['JSON nested 65 deep', 'mine.json', `{"exclude": ${deep(65, '[', ']')}}`],
    ['JSON nested 100,000 deep', 'mine.json', deep(100_000, '[', ']')],
    ['objects nested 20,000 deep', 'mine.json', `${'{"halo":'.repeat(20_000)}1${'}'.repeat(20_000)}`],
    ['YAML nested 20,000 deep', 'mine.yaml', deep(20_000, '[', ']')],
    ['JavaScript that holds itself', 'mine.cjs', 'const a = { plugins: [] }; a.plugins.push(a); module.exports = a;'],
  ])('%s is refused with one sentence', async (_, file, text) => {
    const sentence = await refusal(named(text, {}, file));
    expect(sentence).toMatch(/^mine\.\w+ (holds more than|is nested deeper than|can't be read)/);
    expect(sentence.length).toBeLessThan(200);
    if (file === 'mine.yaml')
      expect(await refusal(found({ 'halo-mcp.config.yaml': text }))).toMatch(/holds more than|is nested|can't be read/);
  });

  test('aliases that a person would write are read', async () => {
    const yaml = 'exclude: &off [get_ticket, get_client]\nplugins:\n  - { use: tickets, options: { again: *off } }';
    await expect(named(yaml, {}, 'mine.yaml')).resolves.toMatchObject({ exclude: ['get_ticket', 'get_client'] });
  });
});

describe('text in a config can not steer a terminal', () => {
  const evil = '\u001b]0;owned\u0007\u001b[2J\u001b[31m\u009b5nred\u202e\u200b\r\nplugins';
  const seen = /[\p{Cc}\p{Cf}]/u;

  test.each<[string, unknown]>([
    ['a key', { [evil]: 1 }],
    ['a key inside', { halo: { [evil]: 1 } }],
    ['a key of a plugin', { plugins: [{ use: 'tickets', [evil]: 1 }] }],
    ['a value', { log: { level: evil } }],
    ['a secret', { plugins: [{ use: 'x', options: { [evil]: { token: 'canary' } } }] }],
    ['a plugin', { plugins: [`./${evil}`] }],
    ['an option', { plugins: [{ use: 'tickets', options: { [evil]: 1 } }] }],
  ])('a sentence about %s shows no control characters and no secret', async (_, content) => {
    const sentence = await refusal(found({ [JSON_NAME]: content }));
    expect(sentence).not.toMatch(seen);
    expect(sentence).not.toMatch(/owned|\[31m|\[2J|canary/);
  });

  test('nor fill one: long text is cut, and the remedy stays', async () => {
    for (const content of [{ [`${'x'.repeat(500_000)}`]: 1 }, { plugins: [`./${'y'.repeat(500_000)}`] }]) {
      const sentence = await refusal(found({ [JSON_NAME]: content }));
      expect(sentence.length).toBeLessThan(700);
      expect(sentence).toMatch(/Known keys there|--config/);
    }
  });

  test('nor does the name of its folder', async () => {
    const cwd = folderWith();
    const folder = join(cwd, 'a\u001b[31mb');
    mkdirSync(folder);
    writeFileSync(join(folder, JSON_NAME), '{"log":{"level":"silent"}}');
    expect(await refusal(loadOne({ env: {}, cwd: folder }))).not.toMatch(seen);
  });
});
