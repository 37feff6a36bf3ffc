import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, onTestFinished, test } from 'vitest';
import { answersOf } from '../../cli/init/answers.js';
import { desktopFile, isOfStore } from '../../cli/init/desktop.js';
import { lastingNode } from '../../cli/init/node.js';
import { type Questions, questions } from '../../cli/init/questions.js';

describe('a Node that an upgrade does not take away', () => {
  const home = '/home/me';
  const node = (execPath: string, others: Record<string, string>, PATH = '') => {
    const real = (path: string) => ({ [execPath]: execPath, ...others })[path];
    return lastingNode({ execPath, env: { PATH }, home, real });
  };

  test.each([
    ['/opt/homebrew/Cellar/node/24.1.0/bin/node', '/opt/homebrew/opt/node/bin/node'],
    ['/usr/local/Cellar/node@22/22.20.0_1/bin/node', '/usr/local/opt/node@22/bin/node'],
    ['/opt/homebrew/Cellar/node/24.1.0/bin/node', '/opt/homebrew/bin/node'],
    ['/home/me/.nvm/versions/node/v20.19.0/bin/node', '/home/me/.nvm/current/bin/node'],
    ['/home/me/.volta/tools/image/node/22.20.0/bin/node', '/home/me/.volta/bin/node'],
    ['/home/me/.asdf/installs/nodejs/22.20.0/bin/node', '/home/me/.asdf/shims/node'],
    [
      '/home/me/.local/share/fnm/node-versions/v22.20.0/installation/bin/node',
      '/home/me/.local/share/fnm/aliases/default/bin/node',
    ],
  ])('%s is named by %s, where that is the same one', (execPath, link) => {
    expect(node(execPath, { [link]: execPath })).toBe(link);
    expect(node(execPath, { [link]: '/another/24.0.0/bin/node' })).toBe(execPath);
    expect(node(execPath, {})).toBe(execPath);
  });

  test('a path without a version stays as it is', () => {
    expect(node('/usr/bin/node', { '/opt/node': '/usr/bin/node' }, '/opt')).toBe('/usr/bin/node');
  });

  test('PATH leads to it, but not by the folder of a single shell or of another version', () => {
    const execPath = '/opt/node-v22.20.0-linux-x64/bin/node';
    const PATH = '/run/user/1000/fnm_multishells/12_34/bin:/home/me/v22.20.0/bin:/usr/local/bin';
    const all = Object.fromEntries(PATH.split(':').map((folder) => [join(folder, 'node'), execPath]));
    expect(node(execPath, all, PATH)).toBe('/usr/local/bin/node');
  });
});

describe('the configuration that Claude Desktop reads', () => {
  /** A user's folder with these files, the later ones written later. */
  function homeWith(...files: string[]): string {
    const home = mkdtempSync(join(tmpdir(), 'halo-mcp-home-'));
    onTestFinished(() => rmSync(home, { recursive: true, force: true }));
    files.forEach((file, index) => {
      mkdirSync(join(home, file, '..'), { recursive: true });
      writeFileSync(join(home, file), '{}');
      utimesSync(join(home, file), 1000 + index, 1000 + index);
    });
    return home;
  }
  const name = 'claude_desktop_config.json';
  const usual = `AppData/Roaming/Claude/${name}`;
  const store = `AppData/Local/Packages/Claude_pzs8sxrjxfjjc/LocalCache/Roaming/Claude/${name}`;
  const find = (home: string, env = {}) => desktopFile({ platform: 'win32', env, home }).slice(home.length + 1);

  test('is that of the Windows Store if that build is installed', () => {
    expect(find(homeWith(store))).toBe(store);
    expect(find(homeWith('AppData/Local/Packages/Claude_x/settings.dat'))).toBe(store.replace('pzs8sxrjxfjjc', 'x'));
    expect([isOfStore(store), isOfStore(usual)]).toEqual([true, false]);
  });

  test('is the usual one without it, and the later one of two', () => {
    expect(find(homeWith())).toBe(usual);
    expect(find(homeWith('AppData/Local/Packages/Other_x/a', usual))).toBe(usual);
    expect(find(homeWith(store, usual))).toBe(usual);
    expect(find(homeWith(usual, store))).toBe(store);
  });

  test('is elsewhere on other systems', () => {
    const file = (platform: NodeJS.Platform) => desktopFile({ platform, env: {}, home: '/u' });
    expect(file('darwin')).toBe(`/u/Library/Application Support/Claude/${name}`);
    expect(file('linux')).toBe(`/u/.config/Claude/${name}`);
  });
});

test('the scopes to tick are shown before the client ID and the secret are asked for', async () => {
  const asked: string[] = [];
  const answers: Partial<Record<keyof Questions, unknown>> = {
    packs: ['people'],
    clientId: 'id',
    client: 'claude-desktop',
    secretPlace: '/nowhere/secret',
    secret: 's3cret',
    write: false,
  };
  const ask = new Proxy({} as Questions, {
    get: (_, question: keyof Questions) => async () => {
      asked.push(question);
      return answers[question];
    },
  });
  const flags = { config: 'c.json', instanceUrl: 'acme.halopsa.com', doctor: false };
  const given = await answersOf(flags, {}, ask, { kept: false, scopesOf: async () => ['read:tickets'] });
  expect(given).toMatchObject({ instanceUrl: 'https://acme.halopsa.com', newSecret: 's3cret' });
  expect(asked).toEqual(['packs', 'scopes', 'clientId', 'client', 'secretPlace', 'secret', 'write']);
  const output = new PassThrough();
  questions({ output }).scopes(['read:tickets', 'read:customers']);
  expect(String(output.read())).toContain('read:customers');
});
