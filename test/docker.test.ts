import { execFile } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultNames } from './packs.js';

/*
 * The container without Docker: each stage is a folder, COPY and RUN are carried out in it, and the ENTRYPOINT is
 * started there. Left out: the base image itself, the download of `npm ci` (whether the lock file serves it is checked,
 * then the installed packages are linked), and the switch of user.
 */

const ROOT = resolve(import.meta.dirname, '..');
const run = promisify(execFile);

interface Instruction {
  name: string;
  rest: string;
}
interface Stage {
  image: string;
  alias: string | undefined;
  steps: Instruction[];
}

const dockerfile = readFileSync(join(ROOT, 'Dockerfile'), 'utf8');
const instructions = parse(dockerfile);
const stages = stagesOf(instructions);
const folder = mkdtempSync(join(tmpdir(), 'halo-mcp-docker-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the Dockerfile', () => {
  it('has two stages on alpine with a pinned major version of Node', () => {
    expect(stages.map(({ image }) => image)).toEqual(['node:22-alpine', 'node:22-alpine']);
    expect(stages.map(({ alias }) => alias)).toEqual(['build', undefined]);
  });

  it('runs as a user that is not root, and sets it after the last copy', () => {
    const names = stages[1]?.steps.map(({ name }) => name) ?? [];
    expect(stages[1]?.steps.find(({ name }) => name === 'USER')?.rest).toBe('node');
    expect(names.lastIndexOf('USER')).toBeGreaterThan(names.lastIndexOf('COPY'));
  });

  it('keeps secrets out of every layer', () => {
    const set = instructions.filter(({ name }) => name === 'ENV' || name === 'ARG');
    expect(set.map(({ rest }) => rest)).toEqual(['NODE_ENV=production']);
    expect(instructions.filter(({ name }) => name === 'ADD')).toEqual([]);
    for (const { name, rest } of instructions) {
      if (name === 'COPY') expect(rest).not.toMatch(/(^|\s)\.\/?(\s|$)(?=.*\s)|\.env|\.npmrc/);
      expect(rest).not.toMatch(/HALO_|secret|token|password/i);
    }
  });

  it('is sent nothing but what it copies: .dockerignore names what may come', () => {
    const lines = ignoreLines();
    expect(lines[0]).toBe('*');
    const allowed = lines.filter((line) => line.startsWith('!')).map((line) => line.slice(1).replace(/\/$/, ''));
    expect(allowed.toSorted()).toEqual(contextSources().toSorted());
    expect(lines).toContain('**/.env*');
  });
});

it('its `npm ci` finds every package in the lock file, optional ones of other platforms as well', async () => {
  const command = stages[0]?.steps.find(({ name, rest }) => name === 'RUN' && rest.startsWith('npm ci'))?.rest ?? '';
  const cwd = mkdtempSync(join(folder, 'lock-'));
  for (const name of ['package.json', 'package-lock.json']) cpSync(join(ROOT, name), join(cwd, name));
  const args = [...command.split(/\s+/).slice(1), '--dry-run', '--offline', '--cache', join(folder, 'cache')];
  const { stderr } = await run('npm', args, { cwd }).catch((error: { stderr: string }) => error);
  expect(stderr.match(/^npm error Missing: .*$/gm)).toBeNull();
  expect(stderr).not.toContain('npm error');
});

it.skipIf(!existsSync(join(ROOT, '.git')))(
  'what it copies is in the repository: no source is ignored by git',
  async () => {
    const ignored = ['ls-files', '--others', '--ignored', '--exclude-standard', '--', ...contextSources()];
    expect((await run('git', ignored, { cwd: ROOT })).stdout).toBe('');
  },
);

describe('the image, built in a folder', () => {
  const root = (index: number) => join(folder, `stage-${index}`);
  beforeAll(async () => {
    for (const [index, stage] of stages.entries()) await build(stage, index);
  }, 60_000);

  async function build({ steps }: Stage, index: number) {
    let directory = '/';
    for (const { name, rest } of steps) {
      const cwd = join(root(index), directory);
      mkdirSync(cwd, { recursive: true });
      if (name === 'WORKDIR') directory = resolve(directory, rest);
      else if (name === 'COPY') copy(rest, cwd);
      else if (name === 'RUN') for (const command of rest.split('&&')) await execute(command.trim(), cwd);
    }
  }

  function copy(rest: string, cwd: string) {
    const words = rest.split(/\s+/);
    const from = words[0]?.startsWith('--from=') ? words.shift()?.slice('--from='.length) : undefined;
    const target = words.pop() ?? '.';
    const source = from === undefined ? ROOT : root(stages.findIndex(({ alias }) => alias === from));
    for (const word of words) {
      const path = join(source, word);
      const into = resolve(cwd, target);
      // As COPY does: the contents of a folder, a file into a folder.
      if (statSync(path).isDirectory()) cpSync(path, into, { recursive: true });
      else cpSync(path, target.endsWith('/') ? join(into, basename(path)) : into);
    }
  }

  async function execute(command: string, cwd: string) {
    const [program = '', ...args] = command.split(/\s+/);
    if (program === 'npm' && args[0] === 'ci') {
      symlinkSync(join(ROOT, 'node_modules'), join(cwd, 'node_modules'));
    } else await run(program, args, { cwd }).catch(explain(command));
  }

  const explain = (command: string) => (error: { stderr?: string }) => {
    throw new Error(`RUN ${command} failed: ${error.stderr}`);
  };

  it('holds the bundle and nothing of the sources, the tests or the packages', () => {
    const app = join(root(1), 'app');
    expect(readdirSync(app).toSorted()).toEqual(['LICENSE', 'dist', 'package.json']);
    expect(existsSync(join(app, 'dist/halo-mcp.js'))).toBe(true);
    expect(existsSync(join(app, 'dist/types'))).toBe(false);
  });

  it('answers initialize and lists the tools on the sandbox, without node_modules', async () => {
    const [command, ...args] = entrypoint();
    const client = new Client({ name: 'test', version: '1' });
    const cwd = mkdtempSync(join(folder, 'cwd-'));
    await client.connect(
      new StdioClientTransport({ command, args: [...args, '--sandbox'], cwd, env: {}, stderr: 'ignore' }),
    );
    try {
      expect(client.getServerVersion()).toMatchObject({ name: 'halo-mcp' });
      const { tools } = await client.listTools();
      expect(tools.map(({ name }) => name)).toEqual(defaultNames);
      const { isError, structuredContent } = await client.callTool({
        name: 'list_clients',
        arguments: { page_size: 1 },
      });
      expect(isError).not.toBe(true);
      expect(structuredContent).toMatchObject({ items: [expect.any(Object)] });
    } finally {
      await client.close();
    }
  });

  it('takes the same arguments as the command', async () => {
    const [command, ...args] = entrypoint();
    const cwd = mkdtempSync(join(folder, 'cwd-'));
    const env = { PATH: process.env.PATH };
    const version = await run(command, [...args, '--version'], { cwd, env });
    expect(version.stdout.trim()).toBe(JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).version);
    const tools = await run(command, [...args, 'tools'], { cwd, env });
    expect(tools.stdout).toContain(`${defaultNames.length} tools on.`);
  });

  /** The ENTRYPOINT with the image's paths put into its folder, and node as it runs here. */
  function entrypoint(): [string, ...string[]] {
    const { rest = '[]' } = stages[1]?.steps.findLast(({ name }) => name === 'ENTRYPOINT') ?? {};
    const [command, ...args] = JSON.parse(rest) as string[];
    expect(command).toBe('node');
    return [process.execPath, ...args.map((arg) => (arg.startsWith('/') ? join(root(1), arg) : arg))];
  }
});

/** The instructions in order: comments dropped, continued lines joined. */
function parse(text: string): Instruction[] {
  const lines = text
    .replace(/^\s*#.*$/gm, '')
    .replace(/\\\n/g, ' ')
    .split('\n');
  return lines.flatMap((line) => {
    const [, name, rest] = /^([A-Z]+)\s+(.*)$/.exec(line.trim()) ?? [];
    return name === undefined ? [] : [{ name, rest: (rest ?? '').trim() }];
  });
}

function stagesOf(all: Instruction[]): Stage[] {
  const found: Stage[] = [];
  for (const step of all) {
    const [, image = '', alias] = /^(\S+)(?:\s+AS\s+(\S+))?$/i.exec(step.rest) ?? [];
    if (step.name === 'FROM') found.push({ image, alias, steps: [] });
    else found.at(-1)?.steps.push(step);
  }
  return found;
}

function ignoreLines(): string[] {
  const lines = readFileSync(join(ROOT, '.dockerignore'), 'utf8').split('\n');
  return lines.map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#'));
}

/** What the first stage copies from the repository, by its first folder. */
function contextSources(): string[] {
  const copied = stages[0]?.steps.filter(({ name }) => name === 'COPY') ?? [];
  return copied.flatMap(({ rest }) => rest.split(/\s+/).slice(0, -1)).map((path) => path.replace(/\/$/, ''));
}
