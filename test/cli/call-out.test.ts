import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { startSandbox } from '../../sandbox/index.js';
import { command } from '../docs/command.js';
import { emptyFolder, haloEnv } from '../session.js';

describe('call --out FILE', () => {
  test('writes the CSV that the tool makes, for its owner alone, and shows the rest', async () => {
    const cwd = emptyFolder();
    const args = ['call', 'revenue_breakdown', 'format=csv', '--sandbox'];
    const [shown, written] = [await command(args), await command([...args, '--out', 'r.csv'], {}, cwd)];
    const file = join(cwd, 'r.csv');
    const csv = readFileSync(file, 'utf8');
    expect(csv.split('\n').length).toBeGreaterThan(10);
    expect(shown.stdout).toContain(`\n\nThe CSV file, which --out FILE.csv writes by itself:\n${csv.trimEnd()}`);
    expect(written.stdout).not.toContain('which --out');
    expect(written).toMatchObject({ code: 0, stdout: expect.stringContaining(`Wrote ${file}.\n`) });
    expect(written.stdout).not.toContain(csv.split('\n')[1]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test('writes the rows of a list as CSV if its name says so, and shows how many there are', async () => {
    const cwd = emptyFolder();
    const args = ['call', 'list_invoices', 'kind=all', 'page_size=10', '--sandbox'];
    const { stdout } = await command([...args, '--out', 'i.CSV'], {}, cwd);
    expect(stdout).toMatch(/^10 of .* invoices, page 1; next: page 2.*\nWrote .*i\.CSV\.\n$/);
    const lines = readFileSync(join(cwd, 'i.CSV'), 'utf8').trim().split('\n');
    expect(lines).toHaveLength(11);
    expect(lines[0]).toMatch(/^id,number,client,date,kind,net,/);
    const { items } = JSON.parse((await command([...args, '--json'])).stdout) as { items: { id: number }[] };
    expect(lines.slice(1).map((line) => Number(line.split(',')[0]))).toEqual(items.map(({ id }) => id));
  });

  test('says at the end how many rows of the list the file holds, and --all writes them all', async () => {
    const cwd = emptyFolder();
    const args = ['call', 'list_tickets', 'open_only=true', '--sandbox'];
    const one = await command([...args, '--out', 'one.csv'], {}, cwd);
    const [, total] = /^The file holds 25 of (\d+) rows\. Add --all to have every page\.\n$/.exec(one.stderr) ?? [];
    const all = await command([...args, 'page_size=10', '--all', '--out', 'all.csv'], {}, cwd);
    expect(all).toMatchObject({ code: 0, stderr: '' });
    expect(all.stdout).toBe(`${total} rows\nWrote ${join(cwd, 'all.csv')}.\n`);
    const ids = (file: string) =>
      readFileSync(join(cwd, file), 'utf8')
        .trim()
        .split('\n')
        .map((line) => line.split(',')[0]);
    expect(ids('all.csv').slice(0, 26)).toEqual(ids('one.csv'));
    expect(new Set(ids('all.csv')).size).toBe(Number(total) + 1);
  });

  test.each([[[]], [['page_size=20']]])(
    'asks Halo for no page twice, though rows that are chosen here are looked for from the start each time: %j',
    async (words) => {
      const halo = await startSandbox();
      const args = ['call', 'list_invoices', 'kind=all', ...words, '--all', '--json'];
      const { stdout } = await command(args, haloEnv(halo));
      await halo.close();
      const { items, total } = JSON.parse(stdout) as { items: unknown[]; total: number };
      expect(items).toHaveLength(total);
      const asked = halo.requests.flatMap(({ path, query }) => (path.endsWith('/Invoice') ? [`${query}`] : []));
      expect(asked.length).toBeGreaterThan(3);
      expect(new Set(asked).size).toBe(asked.length);
    },
  );

  test.each(['all.csv', 'all.json', 'all.txt'])(
    'says at the end why nobody knows whether %s holds the whole list',
    async (file) => {
      const cwd = emptyFolder();
      const halo = await startSandbox({ faults: ['400@/Tickets?page_size=1'] });
      const all = file.endsWith('.txt') ? [] : ['--all'];
      const args = ['call', 'list_tickets', 'search=e', ...all, '--out', file];
      const { code, stdout, stderr } = await command(args, haloEnv(halo), cwd);
      await halo.close();
      expect([code, readdirSync(cwd)]).toEqual([0, [file]]);
      expect(stderr).toContain('Whether Halo searched could not be checked');
      expect(stdout).not.toContain('Whether Halo searched');
    },
  );

  test('writes no file of a list of which a page fails', async () => {
    const cwd = emptyFolder();
    const args = ['list_tickets', '--all', '--out', 'all.csv', '--sandbox', '--fault', '400@/Tickets?page_no=3'];
    const { code, stderr } = await command(['call', ...args], {}, cwd);
    expect([code, readdirSync(cwd)]).toEqual([1, []]);
    expect(stderr).toMatch(/^HALO_REQUEST_REFUSED: /);
  });

  test('writes whole pages whatever an assistant may be shown of them', async () => {
    const cwd = emptyFolder();
    writeFileSync(join(cwd, 'c.json'), JSON.stringify({ plugins: ['tickets'], output: { maxTokens: 500 } }));
    const args = ['call', 'list_tickets', '--config', 'c.json', '--sandbox'];
    const { stdout } = await command([...args, '--all', '--json'], {}, cwd);
    const { items, total, omitted } = JSON.parse(stdout) as { items: unknown[]; total: number; omitted?: number };
    expect([items.length, omitted]).toEqual([total, undefined]);
  });

  test.each<[string[], string]>([
    [['list_tickets', '--all'], '--all is for a file or for JSON. Add --out FILE.csv, --out FILE.json or --json.'],
    [['get_ticket', 'id=10311', '--all', '--json'], 'get_ticket has no pages. Leave --all out.'],
    [['list_tickets', 'page=2', '--all', '--json'], '--all begins with the first page. Leave page out.'],
  ])('%j is refused, as all pages are not to be had', async (words, sentence) => {
    const { code, stderr } = await command(['call', ...words, '--sandbox']);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(sentence) });
  });

  test('says what is left out of the rows, and shows none of them', async () => {
    const cwd = emptyFolder();
    writeFileSync(join(cwd, 'c.json'), JSON.stringify({ plugins: ['tickets', 'people'], output: { maxTokens: 500 } }));
    const out = async (...words: string[]) =>
      (await command(['call', ...words, '--config', 'c.json', '--sandbox', '--out', 'o.csv'], {}, cwd)).stdout;
    expect(await out('list_tickets', 'page_size=100')).toMatch(/^\d+ of \d+ tickets, page 1.*\nToo long: .*\nWrote /);
    expect(await out('list_agents')).toMatch(/^\d+ of \d+ agents, page 1\nWrote .*\n$/);
  });

  test('has the tool make its CSV if its name says so, and writes JSON if it says that', async () => {
    const cwd = emptyFolder();
    await command(['call', 'revenue_breakdown', '--sandbox', '--out', 'r.csv'], {}, cwd);
    expect(readFileSync(join(cwd, 'r.csv'), 'utf8')).toMatch(/^client_id,client,/);
    await command(['call', 'list_agents', '--sandbox', '--out', 'a.json'], {}, cwd);
    expect(JSON.parse(readFileSync(join(cwd, 'a.json'), 'utf8'))).toHaveProperty('items');
  });

  test.each<[string[], string]>([
    [['list_invoices', '--out', 'i.xlsx'], "A .xlsx file can't be written. Name a .csv file, which spreadsheets open."],
    [
      ['get_ticket', 'id=10311', '--out', 't.csv'],
      'get_ticket has no table for a .csv file. Name a .txt or a .json file.',
    ],
    [['list_agents', '--json', '--out', 'a.csv'], 'A .csv file holds no JSON. Name a .json file, or leave out --json.'],
  ])('a name that promises what is not to be had is refused before anything is asked: %j', async (words, sentence) => {
    const cwd = emptyFolder();
    const { code, stderr } = await command(['call', ...words, '--sandbox'], {}, cwd);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(sentence) });
    expect(readdirSync(cwd)).toEqual([]);
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
  ])('--out to %s is told in a sentence, and nothing is written', async (_, name, code, words) => {
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
