import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import type * as Kit from '../../kit/index.js';
import { ROOT } from '../docs/markdown.js';
import { folderWith } from '../session.js';

/** The built kit, as in the package. */
const { sandbox, session } = (await import(join(ROOT, 'dist/testing.js'))) as typeof Kit;

const ON_CALL = join(ROOT, 'docs/examples/on-call.mjs');
const open: { close(): Promise<void> }[] = [];
const kept = <T extends { close(): Promise<void> }>(one: T): T => {
  open.push(one);
  return one;
};
afterAll(() => Promise.all(open.map((one) => one.close())));

describe('session', () => {
  test('serves a plugin by its path over the sandbox, and asks as an assistant does', async () => {
    const mine = kept(await session(relative(process.cwd(), ON_CALL).replace(/^/, './')));
    expect((await mine.list()).map(({ name }) => name)).toEqual(['list_overdue_tickets']);
    const { items } = await mine.ask<{ items: object[] }>('list_overdue_tickets', { team: '1st Line', page_size: 2 });
    expect(items).toHaveLength(2);
    expect((await mine.call('list_overdue_tickets')).content[0]).toMatchObject({ type: 'text' });
    expect(await mine.fail('list_overdue_tickets', { team: 'nobody' })).toMatch(/^UNKNOWN_NAME: /);
    await expect(mine.ask('list_overdue_tickets', { team: 'nobody' })).rejects.toThrow(/^UNKNOWN_NAME: /);
    await expect(mine.fail('list_overdue_tickets')).rejects.toThrow(/was expected to fail/);
  });

  test('takes several plugins with their options, a URL, and settings of the config', async () => {
    const mine = kept(
      await session(['tickets', { use: pathToFileURL(ON_CALL), options: { graceMinutes: 525_600 } }], {
        config: { exclude: ['get_ticket'] },
      }),
    );
    expect((await mine.list()).map(({ name }) => name)).toEqual([
      'list_tickets',
      'list_actions',
      'list_overdue_tickets',
    ]);
    expect(await mine.ask('list_overdue_tickets')).toMatchObject({ items: [], total: 0 });
  });

  test('serves a sandbox that runs already, whose requests can be looked at', async () => {
    const halo = kept(await sandbox({ scopes: ['read:customers'] }));
    const mine = kept(await session(['clients'], { sandbox: halo }));
    await mine.ask('list_clients', { page_size: 1 });
    expect(halo.requests.map(({ path }) => path)).toContain('/api/Client');
    const other = kept(await session('tickets', { sandbox: halo }));
    expect(await other.fail('list_tickets')).toMatch(/^HALO_SCOPE_MISSING: /);
  });

  test('a server that does not start says why', async () => {
    await expect(session('tickts')).rejects.toThrow(
      /The server did not start: "plugins" names "tickts".*Did you mean "tickets"/,
    );
  });

  test('a skipped plugin is reported in the log', async () => {
    const folder = folderWith({ 'bad.mjs': 'throw new Error("not today")' });
    const mine = kept(await session(['people', join(folder, 'bad.mjs')]));
    await mine.list();
    expect(mine.stderr()).toContain('not today');
  });
});

test('the types of the kit are built next to it', () => {
  expect(existsSync(join(ROOT, 'dist/types/kit/index.d.ts'))).toBe(true);
});
