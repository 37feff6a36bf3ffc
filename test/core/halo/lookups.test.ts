import { afterEach, describe, expect, test, vi } from 'vitest';
import { type LOOKUPS, Lookups } from '../../../core/halo/lookups.js';
import { clientOf, failure, fakeHalo, patient, type Reply } from './fake.js';

const BODIES: Record<string, unknown> = {
  '/api/Status': [{ id: 1, name: 'New' }, { id: 9, name: 'Closed' }, { id: 'x', name: 'no id' }, { id: 3 }],
  '/api/TicketType': [{ id: 21, name: 'Incident' }],
  '/api/Priority': [
    { id: 'a-guid', priorityid: 1, slaid: 2, name: 'Critical' },
    { id: 'b-guid', priorityid: 1, slaid: 3, name: 'Business down' },
  ],
  '/api/Team': [{ id: 4, name: '1st Line' }],
  '/api/Agent': { results: [{ id: 5, name: 'Dana Reed' }], record_count: 1 },
  '/api/AssetType': [{ id: 6, name: 'Laptop' }],
  '/api/Currency': [
    { id: 0, code: 'GBP', conversion_rate: 1 },
    { id: 2, code: 'EUR', conversion_rate: 0.86 },
  ],
  '/api/Lookup': [{ id: 7, name: 'Managed' }],
};

async function halo(reply: (path: string, count: number) => Reply = (path) => ({ body: BODIES[path] })) {
  const server = await fakeHalo({ api: ({ path }, count) => reply(path, count) });
  const lookups = new Lookups(clientOf(server.url));
  return {
    ...server,
    get: (...args: [Parameters<Lookups['get']>[0], wanted?: (number | string)[]]) =>
      lookups.get(args[0], patient(), args[1]),
  };
}

afterEach(() => {
  vi.restoreAllMocks();
});

test.each<[(typeof LOOKUPS)[number], unknown]>([
  [
    'status',
    [
      { id: 1, name: 'New' },
      { id: 9, name: 'Closed' },
    ],
  ],
  ['tickettype', [{ id: 21, name: 'Incident' }]],
  [
    'priority',
    [
      { id: 1, name: 'Critical', sla: 2 },
      { id: 1, name: 'Business down', sla: 3 },
    ],
  ],
  ['team', [{ id: 4, name: '1st Line' }]],
  ['agent', [{ id: 5, name: 'Dana Reed' }]],
  ['assettype', [{ id: 6, name: 'Laptop' }]],
  [
    'currency',
    [
      { id: 0, name: 'GBP', home: true },
      { id: 2, name: 'EUR' },
    ],
  ],
  ['customertype', [{ id: 7, name: 'Managed' }]],
])('%s gives ids their names', async (name, rows) => {
  expect(await (await halo()).get(name)).toEqual(rows);
});

test('agents come in either envelope, those disabled as well', async () => {
  const bare = await halo(() => ({ body: [{ id: 5, name: 'Dana Reed' }] }));
  expect(await bare.get('agent')).toEqual([{ id: 5, name: 'Dana Reed' }]);
  expect(bare.calls()[0]?.query.get('includedisabled')).toBe('true');
  expect(bare.calls()[0]?.query.has('pageinate')).toBe(false);
});

describe('how long they are kept', () => {
  test('names that were looked up are kept for five minutes, and asked for again after that', async () => {
    const { get, calls } = await halo();
    await get('status');
    await Promise.all([get('status'), get('status', [9]), get('status', ['closed'])]);
    expect(calls()).toHaveLength(1);
    const now = performance.now();
    vi.spyOn(performance, 'now').mockReturnValue(now + 299_000);
    await get('status');
    expect(calls()).toHaveLength(1);
    vi.mocked(performance.now).mockReturnValue(now + 301_000);
    await get('status');
    expect(calls()).toHaveLength(2);
  });

  test('those asked for at once by many are fetched once', async () => {
    const { get, calls } = await halo();
    await Promise.all(Array.from({ length: 50 }, () => get('team')));
    expect(calls()).toHaveLength(1);
  });

  test.each<[string, number | string]>([
    ['id', 77],
    ['name', 'Brand new'],
  ])('an unknown %s is asked for once more, and not again', async (_, wanted) => {
    const { get, calls } = await halo();
    await get('status');
    await get('status', [wanted]);
    expect(calls()).toHaveLength(2);
    await get('status', [wanted]);
    await get('status', [wanted, 9]);
    expect(calls()).toHaveLength(2);
  });

  test('one whose id can not be read is not an unknown one', async () => {
    const { get } = await halo();
    await expect(get('status', ['No ID'])).rejects.toMatchObject({ code: 'HALO_UNEXPECTED' });
    await expect(get('status', ['Waiting'])).resolves.toHaveLength(2);
  });

  test('one may be among those whose names can not be read, and is then not an unknown one', async () => {
    const { get } = await halo(() => ({
      body: [{ id: 1, name: 'New' }, { id: 2, name: { text: 'Waiting' } }, { id: 3 }],
    }));
    await expect(get('status', ['Waiting'])).rejects.toMatchObject({ code: 'HALO_UNEXPECTED' });
    expect(await get('status', ['New'])).toEqual([{ id: 1, name: 'New' }]);
    expect(await get('status', [7])).toHaveLength(1);
  });

  test('a name may be a number', async () => {
    const { get } = await halo(() => ({ body: [{ id: 4, name: 247 }] }));
    expect(await get('team', ['247'])).toEqual([{ id: 4, name: '247' }]);
  });

  test('one that is new in Halo is found so', async () => {
    const { get } = await halo((_, count) => ({
      body: [{ id: 1, name: 'New' }, ...(count > 1 ? [{ id: 77, name: 'Parked' }] : [])],
    }));
    await get('status');
    expect(await get('status', [77])).toContainEqual({ id: 77, name: 'Parked' });
  });

  test('a fault is not kept', async () => {
    const { get } = await halo((path, count) => (count === 1 ? { status: 404 } : { body: BODIES[path] }));
    await failure(get('status'));
    expect(await get('status')).toHaveLength(2);
  });
});

test.each<[unknown[], string]>([
  [[{}], "In Halo's list of each status, 1 name can't be read."],
  [[{}, []], "In Halo's list of each status, 2 names can't be read."],
])('a name that may be one of %j is not called unknown', async (names, sentence) => {
  const { get } = await halo(() => ({
    body: [{ id: 1, name: 'New' }, ...names.map((name, n) => ({ id: 50 + n, name }))],
  }));
  const { code, line } = await failure(get('status', ['Parked']));
  expect(code).toBe('HALO_UNEXPECTED');
  expect(line).toContain(sentence);
  expect(await get('status', ['New'])).not.toHaveLength(0);
});

describe('a list of names that Halo cut', () => {
  const agents = (from: number, to: number) =>
    Array.from({ length: to - from + 1 }, (_, n) => ({ id: from + n, name: `Agent ${from + n}` }));

  test('is read to its end where Halo pages it after all', async () => {
    const server = await fakeHalo({
      api: ({ query }) => ({
        body: {
          record_count: 120,
          results: query.has('page_no')
            ? agents(1, 120).slice((Number(query.get('page_no')) - 1) * 50, Number(query.get('page_no')) * 50)
            : agents(1, 50),
        },
      }),
    });
    const lookups = new Lookups(clientOf(server.url));
    expect(await lookups.get('agent', patient(), ['Agent 51'])).toHaveLength(120);
  });

  test('else a name beyond the cut is not called unknown, and one within it is found', async () => {
    for (const record_count of [50, 120]) {
      const { get } = await halo(() => ({ body: { record_count, results: agents(1, 50) } }));
      const { code, line } = await failure(get('agent', ['Agent 51']));
      expect(code).toBe('HALO_UNAVAILABLE');
      expect(line).toContain("Halo's list of each agent could not be read completely");
      expect(await get('agent', ['agent 50', 51])).toHaveLength(50);
    }
  });
});
