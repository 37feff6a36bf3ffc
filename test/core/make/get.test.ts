import { describe, expect, test } from 'vitest';
import { type ErrorCode, HaloError } from '../../../core/errors.js';
import { column } from '../../../core/make/column.js';
import { type GetDescription, getTool } from '../../../core/make/get.js';
import { failure } from '../halo/fake.js';
import { type Answer, callOf, fakeContext } from './fake.js';

const description: GetDescription = {
  name: 'get_project',
  title: 'Get project',
  description: 'One project.',
  scopes: ['read:projects'],
  optionalScopes: ['read:tickets'],
  from: { path: '/Projects', query: { includedetails: true } },
  fields: { id: column.id(), name: column.foreign('summary'), hours: column.number('hours') },
  parts: {
    tickets: {
      columns: { id: column.id(), summary: column.foreign('summary') },
      rows: async (project, { id }, { halo }) =>
        (await halo.list('/Tickets', { key: 'tickets', where: { parent_id: Number(project.id ?? id) } })).rows,
    },
    absent: { columns: { id: column.id() }, rows: () => undefined },
  },
};
const tool = getTool(description);
const call = (
  record: unknown,
  children: Answer = () => ({ tickets: [], record_count: 0 }),
  args: Record<string, unknown> = { id: 7 },
) => callOf(tool, fakeContext({ '/Projects/7': () => record, '/Tickets': children }), args);

test('one flat record, id first, its lists under their names, empty values left out', async () => {
  const record = { hours: '2.50', summary: 'Move', id: 7, agent_id: 4, closed: null };
  const answer = await call(record, () => ({ record_count: 1, tickets: [{ id: 8, summary: 'Step', parent_id: 7 }] }));
  expect(answer).toEqual({ id: 7, name: 'Move', hours: 2.5, tickets: [{ id: 8, summary: 'Step' }] });
  expect(Object.keys(answer)[0]).toBe('id');
});

test('a list that is there and empty is shown as such, one that is not is left out', async () => {
  expect(await call({ id: 7, summary: 'Move' })).toEqual({ id: 7, name: 'Move', tickets: [] });
});

describe('arguments are strict', () => {
  test.each<[Record<string, unknown>, RegExp]>([
    [{}, /"id" is missing; it must be a whole number/],
    [{ id: 'seven' }, /"id" must be a whole number/],
    [{ id: 0 }, /"id"/],
    [{ id: 7.5 }, /"id"/],
    [{ id: 7, include: true }, /There is no argument "include".*get_project takes: id\./],
    [{ ID: 7 }, /Did you mean "id"\?/],
  ])('the arguments %o are refused with what is wrong', async (args, sentence) => {
    const { code, line } = await failure(call({ id: 7 }, undefined, args));
    expect(code).toBe('BAD_ARGUMENTS');
    expect(line).toMatch(sentence);
  });
});

describe('what Halo may answer with', () => {
  test.each<[string, unknown]>([
    ['the bare record', { id: 7, summary: 'Move' }],
    ['with its id as text', { id: '7', summary: 'Move' }],
    ['wrapped in a list', { tickets: [{ id: 7, summary: 'Move' }] }],
    [
      'wrapped, with the counts of a page',
      { page_no: 1, page_size: 50, record_count: 1, tickets: [{ id: 7, summary: 'Move' }] },
    ],
    ['in a bare list', [{ id: 7, summary: 'Move' }]],
  ])('%s', async (_, body) => {
    expect(await call(body)).toMatchObject({ id: 7, name: 'Move' });
  });

  test.each<[string, unknown, string]>([
    ['a record with id 0', { id: 0 }, 'HALO_NOT_FOUND'],
    ['a record without an id', { summary: 'Move' }, 'HALO_UNEXPECTED'],
    ['a fault in place of a record', { error: 'denied' }, 'HALO_UNEXPECTED'],
    ['faults in a list', { errors: [] }, 'HALO_UNEXPECTED'],
    ['a problem as HTTP has it', { type: 'about:blank', title: 'Bad', status: 500 }, 'HALO_UNEXPECTED'],
    ['an id as other than a number', { id: 'abc', summary: 'Move' }, 'HALO_UNEXPECTED'],
    ['no record in a bare list', [], 'HALO_NOT_FOUND'],
    [
      'one whose field, not itself, has the id',
      { summary: 'Move', customfields: [{ id: 7, summary: 'not me' }] },
      'HALO_UNEXPECTED',
    ],
    ['an empty list', { tickets: [], record_count: 0 }, 'HALO_NOT_FOUND'],
    ['another record', { id: 8, summary: 'Other' }, 'HALO_FILTER_IGNORED'],
    ['text', 'canary', 'HALO_UNEXPECTED'],
    ['null', null, 'HALO_UNEXPECTED'],
    ['several records', [{ id: 7 }, { id: 8 }], 'HALO_UNEXPECTED'],
    ['an id that is not exact', { id: 2 ** 53 }, 'HALO_UNEXPECTED'],
  ])('%s is an error, not an answer', async (_, body, code) => {
    const failed = await failure(call(body));
    expect(failed.code).toBe(code);
    expect(failed.line).not.toContain('canary');
  });

  test('404 is not found, with what to do', async () => {
    const { code } = await failure(callOf(tool, fakeContext({}), { id: 7 }));
    expect(code).toBe('HALO_NOT_FOUND');
  });
});

describe('a part that can not be read', () => {
  const missing = (code: ErrorCode) => () => {
    throw new HaloError(code, 'The reason.', 'The way out.');
  };

  test.each<ErrorCode>([
    ...(['HALO_SCOPE_MISSING', 'HALO_FORBIDDEN', 'HALO_TIMEOUT', 'HALO_FAILED', 'HALO_UNAVAILABLE'] as const),
    ...(['HALO_CUT_OFF', 'HALO_NOT_JSON', 'HALO_UNEXPECTED', 'HALO_RATE_LIMITED', 'HALO_NOT_FOUND'] as const),
  ])('leaves the record standing, and says what is missing and why: %s', async (code) =>
    expect(await call({ id: 7, summary: 'Move' }, missing(code))).toEqual({
      id: 7,
      name: 'Move',
      hint: 'Without its tickets: The reason. The way out.',
    }),
  );

  test.each<ErrorCode>(['CALL_CANCELLED', 'CALL_TIMEOUT', 'PLUGIN_PATH_UNDECLARED'])(
    'ends the answer if nobody waits for it, or if the tool is at fault: %s',
    async (code) => expect((await failure(call({ id: 7 }, missing(code)))).code).toBe(code),
  );

  test('is not a list that Halo did not filter: that is an error', async () => {
    const strangers = () => ({ record_count: 1, tickets: [{ id: 8, parent_id: 9 }] });
    expect((await failure(call({ id: 7 }, strangers))).code).toBe('HALO_FILTER_IGNORED');
  });
});

test('an id that is found out, and what other places know of the record', async () => {
  const byName = getTool({
    ...description,
    parts: {},
    from: { path: '/Projects', id: () => -7 },
    complete: async (record, { halo }) => ({ ...record, ...((await halo.get('/More')) as object) }),
  });
  const fake = fakeContext({ '/Projects/-7': () => ({ id: -7 }), '/More': () => ({ summary: 'From elsewhere' }) });
  expect(await callOf(byName, fake, { id: 1 })).toEqual({ id: -7, name: 'From elsewhere' });
});
