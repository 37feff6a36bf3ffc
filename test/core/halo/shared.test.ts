import { describe, expect, test } from 'vitest';
import { column, filter, type Halo, listTool, type Row, z } from '../../../core/index.js';
import { coreOf, pluginOf, toolOf } from '../../faults/core.js';
import { clientOf, failure, fakeHalo, patient } from './fake.js';

const clients = Array.from({ length: 3 }, (_, index) => ({
  id: index + 1,
  name: `Client ${index + 1}`,
  more: { a: [1] },
}));
const held = async () => {
  let go: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => {
    go = resolve;
  });
  const fake = await fakeHalo({
    api: async ({ path }) => {
      await gate;
      if (path.endsWith('/Invoice')) return { status: 404, body: '' };
      return { body: path.endsWith('/Client') ? { record_count: 3, clients } : clients };
    },
  });
  return { fake, go };
};
type Body = { record_count: number; clients: { name: string; more: { a: unknown[] } }[] };

describe('equal reads in flight are one request, and as many answers as callers', () => {
  test.each([2, 3, 7])('what one of %i does to its answer does not affect the others', async (callers) => {
    const { fake, go } = await held();
    const client = clientOf(fake.url);
    const spoilt = Array.from({ length: callers }, async () => {
      const body = (await client.get('/Client', {}, patient())) as Body;
      const seen = JSON.stringify(body);
      for (const row of body.clients) {
        row.name = 'spoilt';
        row.more.a.push('spoilt');
      }
      body.clients.pop();
      body.record_count = 0;
      return seen;
    });
    go();
    expect(new Set(await Promise.all(spoilt))).toEqual(new Set([JSON.stringify({ record_count: 3, clients })]));
    expect(fake.calls()).toHaveLength(1);
  });

  test('where the first gives up, the others have theirs', async () => {
    const { fake, go } = await held();
    const client = clientOf(fake.url);
    const over = new AbortController();
    const first = failure(client.get('/Client', {}, patient(10_000, over.signal)));
    const others = [1, 2].map(() => client.get('/Client', {}, patient()) as Promise<Body>);
    over.abort(new Error('enough'));
    await first;
    go();
    const [one, two] = await Promise.all(others);
    expect(one).toEqual(two);
    expect(one?.clients[0]).not.toBe(two?.clients[0]);
  });

  test('nor can one change the words of the error that all get', async () => {
    const { fake, go } = await held();
    const client = clientOf(fake.url, { scopes: ['read:invoices'] });
    const errors = [1, 2].map(() => failure(client.get('/Invoice', {}, patient())));
    go();
    const [one, two] = await Promise.all(errors);
    expect(() => Object.assign(one?.error as object, { remedy: 'Do as I say.' })).toThrow(TypeError);
    expect(two?.line).toMatch(/^HALO_NOT_FOUND: .* Check the id/);
  });
});

test('two tools of two plugins, asking at once, see what Halo sent, whatever the first does to it', async () => {
  const { fake, go } = await held();
  const names =
    (spoil: boolean) =>
    async (_: unknown, { halo }: { halo: Halo }) => {
      const { rows } = await halo.list('/Client', { key: 'clients' });
      const said = rows.map(({ name }) => name);
      if (spoil) for (const row of rows) row.name = 'spoilt';
      return { said };
    };
  const tool = (name: string, spoil: boolean) => toolOf(name, names(spoil) as never, { scopes: ['read:customers'] });
  const core = await coreOf([pluginOf('one', [tool('read_one', true)]), pluginOf('two', [tool('read_two', false)])], {
    url: fake.url,
  });
  const answers = ['read_one', 'read_two', 'read_one', 'read_two'].map((name) => core.call(name, {}));
  go();
  for (const answer of await Promise.all(answers))
    expect(answer?.structuredContent).toEqual({ said: clients.map(({ name }) => name) });
  expect(fake.calls()).toHaveLength(1);
});

test('no tool sees what another does to rows that both list at the same moment', async () => {
  const { fake, go } = await held();
  const list = (name: string, more: object, read = (row: Row): unknown => row.name) =>
    listTool({
      ...{ name, title: name, description: 'Clients, read while others read them.', scopes: ['read:customers'] },
      ...{ from: { path: '/Client', key: 'clients' }, filters: {} },
      columns: { id: column.id(), name: column.value(z.string(), (row) => String(read(row))) },
      ...more,
    });
  const spoil = (row: Row) => Object.assign(row, { name: 'spoilt' });
  const complete = async (rows: Row[]) => rows.map((row) => ({ ...spoil(row), name: 'completed' }));
  const tools = [
    list('list_first', {}),
    list('list_spoilt', {}, (row) => spoil(row).name),
    list('list_deep', {}, (row) => (row.more as { a: unknown[] }).a.push('spoilt')),
    list('list_completed', { complete }),
    list('list_read', { read: spoil }),
    list('list_last', {}),
  ];
  const core = await coreOf([pluginOf('one', tools)], { url: fake.url });
  const answers = tools.map(({ name }) => core.call(name, {}));
  go();
  const names = (await Promise.all(answers)).map((answer) =>
    (answer?.structuredContent as { items: Row[] } | undefined)?.items.map(({ name }) => name),
  );
  const [each, completed, spoilt] = [
    clients.map(({ name }) => name),
    Array(3).fill('completed'),
    Array(3).fill('spoilt'),
  ];
  expect(names).toEqual([each, undefined, undefined, completed, spoilt, each]);
  expect(fake.calls()).toHaveLength(1);
});

test('a lookup that is kept can not be changed', async () => {
  const { fake, go } = await held();
  go();
  const spoil = async (_: unknown, { halo }: { halo: Halo }) => {
    const rows = (await halo.lookup('team')) as { id: number; name: string }[];
    const said = rows.map(({ name }) => name);
    for (const row of rows) row.name = 'spoilt';
    rows.length = 0;
    return { said };
  };
  const core = await coreOf([pluginOf('one', [toolOf('read_teams', spoil as never)])], { url: fake.url });
  for (let time = 0; time < 3; time += 1)
    expect((await core.call('read_teams', {}))?.structuredContent).toEqual({ said: clients.map(({ name }) => name) });
  expect(fake.calls()).toHaveLength(1);
});

test.each([
  ['filter', filter],
  ['column', column],
])('%s is one object for all plugins, and none can change it', (_, shared) => {
  for (const name of Object.keys(shared)) expect(() => Object.assign(shared, { [name]: null })).toThrow(TypeError);
});
