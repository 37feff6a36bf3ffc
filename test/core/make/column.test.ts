import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { HaloError } from '../../../core/errors.js';
import type { LookupName, LookupRow } from '../../../core/halo/lookups.js';
import type { Row } from '../../../core/halo/pages.js';
import { type Column, column } from '../../../core/make/column.js';
import { setFields } from '../../../core/make/fields.js';
import { project } from '../../../core/make/project.js';
import { fakeContext } from './fake.js';

type Tables = Partial<Record<LookupName, readonly LookupRow[] | HaloError>>;

async function shown(one: Column, row: Row, tables: Tables = {}): Promise<unknown> {
  const fake = fakeContext({}, tables);
  return (await project([row], { it: one }, fake.context)).rows[0]?.it;
}

describe('how a field is read', () => {
  test.each<[string, Column, Row, unknown]>([
    ['an id', column.id(), { id: '12' }, 12],
    ['the id of another', column.ref('x_id'), { x_id: 7.0 }, 7],
    ['none of another', column.ref('x_id'), { x_id: -99 }, undefined],
    ['text', column.text('x'), { x: ' a ' }, 'a'],
    ['empty text', column.text('x'), { x: '   ' }, undefined],
    ['long text', column.text('x', 3), { x: 'abcdef' }, 'abc…(+3)'],
    ['a number as text', column.text('x'), { x: 5 }, '5'],
    ['the first field that says something', column.text(['a', 'b']), { a: '', b: 'x' }, 'x'],
    ['HTML', column.html('x'), { x: '<p>one</p><script>x</script><p>R&amp;D</p>' }, 'one\n\nR&D'],
    ['long HTML', column.html('x', 3), { x: '<b>abcdef</b>' }, 'abc…(+3)'],
    ['a field as it is', column.field('x'), { x: 'a <b>b</b>' }, 'a b'],
    ['a field that is a number', column.field('x'), { x: 0 }, 0],
    ['a field that is a flag', column.field('x'), { x: false }, false],
    ['a field that is a moment', column.field('x'), { x: '2026-05-01T10:00:00.5' }, '2026-05-01T10:00:00Z'],
    ['a field that is a moment that never was', column.field('x'), { x: '1900-01-01T00:00:00' }, undefined],
    ['a field that is a record', column.field('x'), { x: { y: 1 } }, undefined],
    [
      'a custom field by its name',
      column.field('CFx'),
      { customfields: [{ name: 'CFx', label: 'X', value: '7' }] },
      '7',
    ],
    [
      'a custom field by its label',
      column.field('Its X'),
      { customfields: [{ name: 'CFx', label: 'Its X', value: 'a' }] },
      'a',
    ],
    ['a secret', column.field('adminPassword'), { adminPassword: 'hunter2' }, undefined],
    [
      'an encrypted custom field',
      column.field('CFx'),
      { customfields: [{ name: 'CFx', value: 'a', isencrypted: true }] },
      undefined,
    ],
    ['a day', column.day('x'), { x: '2026-05-01T23:59:59.99' }, '2026-05-01'],
    ['a day that is unset', column.day('x'), { x: '1900-01-01T00:00:00' }, undefined],
    ['a moment', column.instant('x'), { x: '2026-05-01T10:00:00' }, '2026-05-01T10:00:00Z'],
    ['a moment that never comes', column.instant('x'), { x: '2099-12-31T00:00:00' }, undefined],
    ['hours', column.number('x'), { x: 1.005 }, 1],
    ['no hours', column.number('x'), { x: 0 }, 0],
    ['money', column.money('x'), { x: 1234.5 }, '1234.50'],
    ['money as text', column.money('x'), { x: '0.1' }, '0.10'],
    ['money that is less than nothing', column.money('x'), { x: -12.345 }, '-12.35'],
    ['money that rounds to nothing', column.money('x'), { x: -0.001 }, '0.00'],
    ['much money', column.money('x'), { x: 123456789012.34 }, '123456789012.34'],
    ['no money', column.money('x'), {}, undefined],
    ['a flag', column.flag('x'), { x: 'True' }, true],
    ['a flag that is not set', column.flag('x'), { x: false }, undefined],
    ['anything', column.value(z.int(), (row) => Number(row.x) * 2), { x: 4 }, 8],
  ])('%s', async (_, one, row, expected) => {
    expect(await shown(one, row)).toEqual(expected);
    if (expected !== undefined) expect(one.schema.safeParse(expected).success).toBe(true);
  });

  test.each<[string, Column, unknown[]]>([
    ['an amount', column.money('x'), ['1.200,00', '10,5', 'abc', Number.NaN, {}, [5], true]],
    ['a number', column.number('x'), ['10,5', 'many', {}, 1.7e308, '-1e308', 1e15]],
    ['a day', column.day('x'), ['soon', '01/05/2026', '2026-02-30', 20260501, {}]],
    ['a moment', column.instant('x'), ['soon', '2026-05-01T99:99:99']],
    ['another id', column.ref('x'), ['abc', 1.5, '9007199254740993', 2 ** 53, {}]],
  ])('%s that can not be read is left out, and named with its row', async (_, one, values) => {
    const rows = [{ id: 1 }, ...values.map((x, index) => ({ id: index + 2, x }))];
    const { rows: all, hint } = await project(rows, { id: column.id(), it: one }, fakeContext({}).context);
    expect(all).toEqual(rows.map(({ id }) => ({ id })));
    const ids = rows.slice(1, 6).map(({ id }) => id);
    const more = values.length > 5 ? ` and ${values.length - 5} more` : '';
    expect(hint).toBe(`Halo sent values that can't be read, left out: it of ${ids.join(', ')}${more}.`);
  });

  test('the first field counts, even if it can not be read: another is not a substitute', async () => {
    const { rows, hint } = await project(
      [{ a: 'soon', b: '2026-05-01' }],
      { day: column.day(['a', 'b']) },
      fakeContext({}).context,
    );
    expect([rows, hint]).toEqual([[{}], "Halo sent values that can't be read, left out: day of 1 row."]);
  });

  test('a row without an id that can be read costs that row, and is counted', async () => {
    const rows = [{ id: 1 }, {}, { id: null }, { id: 'abc' }, { id: 2 ** 53 + 2 }];
    const found = await project(rows, { id: column.id() }, fakeContext({}).context, { keyed: true });
    expect(found).toEqual({
      rows: [{ id: 1 }],
      dropped: 4,
      hint: 'Halo sent 4 rows without an id that can be read: left out.',
    });
  });
});

describe('names next to ids', () => {
  const status = column.lookup('status', 'status_id', 'status_name');
  const tables = { status: [{ id: 1, name: 'New' }] };

  test.each<[string, Row, unknown]>([
    ['joined', { status_id: 1 }, 'New'],
    ["the row's own first", { status_id: 1, status_name: 'Own' }, 'Own'],
    ['the id if the name is unknown', { status_id: 8 }, '#8'],
    ['nothing if there is none', { status_id: 0 }, undefined],
    ['nothing where the row does not say', {}, undefined],
  ])('%s', async (_, row, expected) => {
    expect(await shown(status, row, tables)).toBe(expected);
  });

  test('priorities by the SLA of the row', async () => {
    const priority = column.lookup('priority', 'priority_id');
    const named = {
      priority: [
        { id: 1, name: 'Critical', sla: 2 },
        { id: 1, name: 'Business down', sla: 3 },
      ],
    };
    expect(await shown(priority, { priority_id: 1, sla_id: 3 }, named)).toBe('Business down');
    expect(await shown(priority, { priority_id: 1, sla_id: 9 }, named)).toBe('Critical');
    expect(await shown(priority, { priority_id: 1 }, named)).toBe('Critical');
  });

  test('one look-up for all rows, with the ids that they lack a name for; none where all bring theirs', async () => {
    const fake = fakeContext({}, tables);
    await project(
      [{ status_id: 1 }, { status_id: 8 }, { status_id: 1 }, { status_id: 5, status_name: 'x' }],
      { status },
      fake.context,
    );
    expect(fake.looked).toEqual([{ name: 'status', wanted: [1, 8] }]);
    await project([{ status_id: 5, status_name: 'x' }], { status }, fake.context);
    expect(fake.looked).toHaveLength(1);
  });

  test('a login that may not read the lookup gets ids, and the log says why', async () => {
    for (const code of ['HALO_FORBIDDEN', 'HALO_NOT_FOUND', 'HALO_SCOPE_MISSING'] as const) {
      const fake = fakeContext({}, { status: new HaloError(code, 'no') });
      expect((await project([{ status_id: 1 }], { status }, fake.context)).rows).toEqual([{ status: '#1' }]);
      expect(fake.log).toEqual(['names can not be joined']);
    }
  });

  test('any other fault is one of the answer', async () => {
    await expect(shown(status, { status_id: 1 }, { status: new HaloError('HALO_TIMEOUT', 'late') })).rejects.toThrow(
      'late',
    );
  });
});

test('empty values are left out of a row, but not zero and false', async () => {
  const columns = {
    id: column.id(),
    a: column.text('a'),
    b: column.number('b'),
    c: column.value(z.boolean(), () => false),
    d: column.value(z.string(), () => ''),
  };
  const fake = fakeContext({});
  expect((await project([{ id: 1, a: '', b: 0 }], columns, fake.context)).rows).toEqual([{ id: 1, b: 0, c: false }]);
});

describe('custom fields', () => {
  test('that are set, by their label and what is shown of them', () => {
    const fields = [
      { id: 1, name: 'CFsite', label: 'Site code', value: '7', display: 'Leeds' },
      { id: 2, name: 'CFempty', label: 'Empty', value: '' },
      { id: 3, name: 'CFplain', value: 'x' },
      null,
      'x',
    ];
    expect(setFields(fields)).toEqual([
      { name: 'Site code', value: 'Leeds' },
      { name: 'CFplain', value: 'x' },
    ]);
    expect(setFields(undefined)).toEqual([]);
  });

  test.each([
    { name: 'CFadminPassword', value: 'canary' },
    { name: 'CFx', label: 'Admin password', value: 'canary' },
    { name: 'CFx', label: 'API key', value: 'canary' },
    { name: 'CFx', label: 'BitLocker recovery', value: 'canary' },
    { name: 'CFlicence_key', value: 'canary' },
    { name: 'CFx', label: 'Door PIN', value: 'canary' },
    { name: 'CFx', label: 'Fine', value: 'canary', isencrypted: true },
  ])('what looks like a secret never passes: $name $label', (field) => {
    expect(setFields([field])).toEqual([]);
  });

  test('a name that only sounds alike does', () => {
    for (const label of ['Spinning disk', 'Passenger lift', 'Passed inspection'])
      expect(setFields([{ label, value: 'x' }])).toHaveLength(1);
  });
});
