import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { command } from '../docs/command.js';
import { folderWith, openSession, textOf } from '../session.js';
import { leaksIn, shapesOf } from './canary.js';
import { against, againstProcess, everyCall, sandboxOf } from './every-tool.js';
import { plugin } from './plugins.js';

const sources = ['cli', 'core', 'config', 'plugins'].flatMap((layer) =>
  readdirSync(layer, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join(layer, file)),
);
const using = (pattern: RegExp) => sources.filter((file) => pattern.test(readFileSync(file, 'utf8'))).sort();

describe('D01 the ways out', () => {
  test('D01 nobody writes to stdout but the gate, and what prints for a person', () => {
    expect(using(/process\.stdout|stdout } = process|stdout, stderr } = process/)).toEqual([
      'cli/ask.ts',
      'cli/print.ts',
      'core/contain/guard.ts',
    ]);
  });

  test('D01 nobody writes to stderr but the gate, the log and what prints for a person', () => {
    expect(using(/process\.stderr|stderr } = process|_rawDebug|process\.(emitWarning|report\.write)/)).toEqual([
      'cli/ask.ts',
      'cli/print.ts',
      'cli/progress.ts',
      'cli/serve.ts',
      'core/contain/guard.ts',
      'core/log.ts',
    ]);
  });

  test('D01 nothing uses console, whose lines are not checked', () => {
    expect(using(/\bconsole\.\w/)).toEqual([]);
  });

  test('D01 nobody writes a file but the commands that are asked to; the demo takes its folder away', () => {
    expect(using(/(write|append|copy|truncate|createWrite)(File|Stream|Sync)|mkdtemp|mkdir|\bfs\.write/)).toEqual([
      'cli/demo.ts',
      'cli/init/files.ts',
      'cli/new-plugin.ts',
      'cli/out.ts',
      'cli/write-file.ts',
      'core/call/confirm/audit.ts',
      'core/host/http/tokens/file.ts',
    ]);
    // All other code only reads files.
    expect(using(/openFile|openSync\((?!path, constants\.O_RDONLY|devNull, 'r')/)).toEqual([
      'cli/write-file.ts',
      'core/call/confirm/audit.ts',
    ]);
  });

  test('D01 the tools run nowhere but in the chain that gates their answers', () => {
    expect(using(/\.run\(args, |tool\.run\(/)).toEqual(['core/call/call.ts']);
  });
});

/** Answers that echo the request, as some servers and proxies do. */
const ECHOES: Record<string, (secret: string) => { status: number; headers?: Record<string, string>; body?: string }> =
  {
    'a 400 with the request in it': (secret) => ({ status: 400, body: JSON.stringify({ tickets: [`bad ${secret}`] }) }),
    'a 500 with a stack': (secret) => ({ status: 500, body: `at Login(${secret})` }),
    'a web page': (secret) => ({ status: 200, headers: { 'content-type': 'text/html' }, body: `<p>${secret}</p>` }),
    'no JSON': (secret) => ({ status: 200, headers: { 'content-type': 'application/json' }, body: `{"a":"${secret}` }),
    'a redirect': (secret) => ({ status: 302, headers: { location: `https://${secret}.example/?t=${secret}` } }),
    'a status of its own': (secret) => ({ status: 418, headers: { 'x-echo': secret }, body: secret }),
    'rows that hold it': (secret) => ({
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        record_count: 3,
        tickets: [
          { id: 1, summary: secret },
          { id: 2, summary: Buffer.from(`x:${secret}`).toString('base64') },
          { id: 3, summary: `${'y'.repeat(100)}${secret}` },
        ],
      }),
    }),
  };

const DEBUG = {
  HALO_MCP_LOG_LEVEL: 'trace',
  DEBUG: '*',
  NODE_DEBUG: 'http,https,http2,net,tls,stream,fetch,undici,module,timer,cluster,esm',
};

describe('D02 the secret and the token', () => {
  // At its end the session checks every byte of both streams for all secrets of the sandbox.
  test('D02 leave by no way, whatever Halo answers with', async () => {
    let [echo, told] = [Object.values(ECHOES)[0], 0];
    const halo = await sandboxOf({
      intercept: ({ path, headers }) => {
        if (path !== '/api/Tickets') return undefined;
        told += 1;
        return echo?.(headers.authorization?.replace('Bearer ', '') ?? '');
      },
    });
    const session = await againstProcess(halo, { env: DEBUG });
    for (const [what, one] of Object.entries(ECHOES)) {
      echo = one;
      const before = told;
      const result = await session.call('list_tickets');
      expect([what, told > before, result.isError]).toEqual([
        what,
        true,
        what === 'rows that hold it' ? undefined : true,
      ]);
    }
    // The requests hold them, so the search would find them.
    expect(leaksIn(JSON.stringify(halo.requests.map(({ headers }) => headers))).length).toBeGreaterThan(0);
  });

  test.each(['a 400 with the request in it', 'a web page', 'a redirect'])(
    'D02 nor where the log-in is answered with %s',
    async (what) => {
      const halo = await sandboxOf({
        intercept: ({ path, body }) =>
          path === '/auth/token' ? ECHOES[what]?.(new URLSearchParams(body).get('client_secret') ?? '') : undefined,
      });
      const session = await againstProcess(halo, { env: DEBUG });
      expect(await session.fail('list_tickets')).toMatch(/^HALO_/);
    },
  );

  test('D02 nor with everything that node can be made to tell, over every tool', async () => {
    const halo = await sandboxOf();
    const session = await againstProcess(halo, { env: DEBUG });
    for (const { name, args } of await everyCall(session)) await session.call(name, args);
    expect(session.stderr()).toContain('HTTP');
    expect(session.stderr()).toContain('[redacted]');
  });

  test('D02 nor with an uncaught crash, in a session or in a command', async () => {
    const secret = 'canary1-8f0e-4a2b-9c3d-7e6f5a4b3c2d';
    const crash = plugin('crash', 'crash_it', {
      run: `setTimeout(() => { const error = new Error('${secret}'); error.secret = '${secret}'; throw error; }); return { said: '' };`,
      top: `Promise.reject(new Error('${secret}'));`,
    });
    const config = join(folderWith({ 'crash.mjs': crash, 'c.json': { plugins: ['./crash.mjs'] } }), 'c.json');
    const env = { HALO_CLIENT_SECRET: secret };
    const session = await openSession({ args: ['--sandbox', '--config', config], env });
    await session.call('crash_it');
    await session.close();
    expect(session.stderr()).toContain('an error was thrown and not caught');
    const { stderr } = await command(['call', 'crash_it', '--sandbox', '--config', config], env);
    expect(stderr).toContain('[redacted]');
    await command(['tools', '--config', config], env);
  });

  test('D02 nor by a report of node that shows the environment', async () => {
    const secret = 'canary2-8f0e-4a2b-9c3d-7e6f5a4b3c2d';
    const spill = plugin('spill', 'spill_it', {
      run: 'return { said: JSON.stringify([process.env, process.report.getReport().environmentVariables]) };',
    });
    const config = join(folderWith({ 'spill.mjs': spill, 'c.json': { plugins: ['./spill.mjs'] } }), 'c.json');
    const env = { HALO_CLIENT_SECRET: secret, KEPT: 'yes' };
    const session = await openSession({ args: ['--sandbox', '--config', config], env });
    const { said } = await session.ask<{ said: string }>('spill_it');
    expect(said).toContain('"KEPT":"yes"');
    expect(said).not.toMatch(/HALO_CLIENT_SECRET|redacted/);
    await session.close();
  });

  test('D02 would be seen: a session that shows one fails at its end', async () => {
    const secret = 'canary3-8f0e-4a2b-9c3d-7e6f5a4b3c2d';
    for (const [way, shape] of [
      ['base64', 'btoa("client:" + s)'],
      ['its start', 's.slice(0, 12)'],
    ]) {
      const leak = plugin('leak', 'leak_it', {
        top: "import { writeSync } from 'node:fs';",
        run: `const s = '${secret}'; writeSync(2, ${shape} + '\\n'); return { said: '${way}' };`,
      });
      const config = join(folderWith({ 'leak.mjs': leak, 'c.json': { plugins: ['./leak.mjs'] } }), 'c.json');
      const env = { HALO_CLIENT_SECRET: secret };
      const session = await openSession({ args: ['--sandbox', '--config', config], env });
      await session.call('leak_it');
      await expect(session.close()).rejects.toThrow(/A secret leaves by stderr/);
    }
  });

  test('D02 the hunt knows the shapes that the gate has to know, and some more', () => {
    const secret = 'a+b/c=d e"f\\g&é-12345678901234';
    const shapes = [
      secret,
      encodeURIComponent(secret),
      JSON.stringify(secret),
      new URLSearchParams({ secret }).toString(),
      ...['', 'i', 'id', 'id:'].map((before) => Buffer.from(`${before}${secret}`).toString('base64')),
      ...['', 'i', 'id', 'id:'].map((before) => Buffer.from(`${before}${secret};;`).toString('base64url')),
    ];
    for (const shape of shapes) expect(shapesOf(secret).some((known) => shape.includes(known))).toBe(true);
    expect(leaksIn('nothing of it', [secret])).toEqual([]);
  });
});

describe('D03 what need not be seen', () => {
  const BODY = 'Unhandled exception at C:\\inetpub\\halo\\Login.cs:line 42, table dbo.USERS';

  test('D03 bodies, headers, queries and traces of Halo are in no answer and no line of the log', async () => {
    const halo = await sandboxOf({
      intercept: ({ path, query }) =>
        path === '/api/Tickets'
          ? { status: Number(query.get('search')), headers: { 'x-trace': 'trace-canary' }, body: BODY }
          : undefined,
    });
    const session = await against(halo, { env: { HALO_MCP_LOG_LEVEL: 'trace' } });
    for (const status of [400, 401, 403, 404, 409, 418, 422, 501])
      expect(await session.fail('list_tickets', { search: String(status), agent: 1 })).toMatch(/^HALO_[A-Z_]+: /);
    expect(session.stdout() + session.stderr()).not.toMatch(/Unhandled|inetpub|dbo\.|trace-canary|search=/);
  });

  test('D03 a trace and the path of a plugin are for the log, not for the model', async () => {
    const broken = plugin('broken', 'break_it', { run: 'return args.a.b.c;' });
    const config = join(folderWith({ 'broken.mjs': broken, 'c.json': { plugins: ['./broken.mjs'] } }), 'c.json');
    const session = await openSession({ args: ['--sandbox', '--config', config] });
    const result = await session.call('break_it');
    expect(textOf(result)).toMatch(/^INTERNAL: break_it failed \(ref [0-9a-f]{6}\)\. [^/]*$/);
    expect(session.stdout()).not.toMatch(/broken\.mjs|\bat \w+ \(|TypeError/);
    await expect.poll(session.stderr).toContain('broken.mjs');
    await session.close();
  });
});
