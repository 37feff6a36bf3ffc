import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { command } from '../docs/command.js';
import { emptyFolder } from '../session.js';

describe('call --out FILE', () => {
  test('writes the CSV that the tool makes, for its owner alone, and shows the rest', async () => {
    const cwd = emptyFolder();
    const args = ['call', 'revenue_breakdown', 'format=csv', '--sandbox'];
    const [shown, written] = [await command(args), await command([...args, '--out', 'r.csv'], {}, cwd)];
    const file = join(cwd, 'r.csv');
    const csv = readFileSync(file, 'utf8');
    expect(csv.split('\n').length).toBeGreaterThan(10);
    expect(shown.stdout).toContain(csv.trimEnd());
    expect(written).toMatchObject({ code: 0, stdout: expect.stringContaining(`Wrote ${file}.\n`) });
    expect(written.stdout).not.toContain(csv.split('\n')[1]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test('writes the answer itself if it has no file, replacing what is there', async () => {
    const cwd = emptyFolder();
    writeFileSync(join(cwd, 'a.json'), 'old and longer than nothing');
    await command(['call', 'list_agents', '--sandbox', '--json', '--out', 'a.json'], {}, cwd);
    expect(JSON.parse(readFileSync(join(cwd, 'a.json'), 'utf8'))).toHaveProperty('items');
  });

  test.each([
    ['a link', 'l', 2, 'links are not followed'],
    ['a folder', 'd', 2, 'is not a file'],
    ['a folder that is not there', 'no/x', 1, "can't be written (ENOENT)"],
  ])('%s is told', async (_, name, code, words) => {
    const cwd = emptyFolder();
    symlinkSync('elsewhere', join(cwd, 'l'));
    mkdirSync(join(cwd, 'd'));
    const ran = await command(['call', 'list_agents', '--sandbox', '--out', name], {}, cwd);
    expect(ran).toMatchObject({ code, stderr: expect.stringContaining(words) });
    expect(readdirSync(cwd)).toEqual(['d', 'l']);
  });

  test('writes nothing where the tool fails', async () => {
    const cwd = emptyFolder();
    const ran = await command(['call', 'get_ticket', 'id=999999', '--sandbox', '--out', 'x'], {}, cwd);
    expect([ran.code, readdirSync(cwd)]).toEqual([1, []]);
  });
});
