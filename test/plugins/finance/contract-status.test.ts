/** The status of a contract is one in the list and by itself, whatever Halo's list leaves out. */
import { describe, expect, test } from 'vitest';
import type { AnyTool } from '../../../core/index.js';
import { getContract } from '../../../plugins/finance/contract.js';
import { listContracts } from '../../../plugins/finance/contracts.js';
import { callOf } from '../../core/make/fake.js';
import { type Books, contract, type Fields, haloWith } from './halo.js';

const ask = async (tool: AnyTool, books: Books, args: Fields) =>
  (await callOf(tool, haloWith(books), args)) as { items: Fields[]; hint?: string; status?: string };

/** A contract as the list has it: what only a single read says is absent. */
const thin = (row: Fields): Fields =>
  Object.fromEntries(Object.entries(row).filter(([key]) => !['rollingcontract', 'previouscontract'].includes(key)));
const past = { end_date: '2020-12-31T00:00:00' };

/** Halo with a list of thin rows, and whole ones by their ids. */
const books = (...rows: Fields[]): Books => ({
  contracts: rows.map(thin),
  more: Object.fromEntries(rows.map((row) => [`/ClientContract/${String(row.id)}`, () => row])),
});

describe('a contract past its printed end', () => {
  test('is active, in the list and by itself, if it rolls on', async () => {
    const halo = books(contract({ ...past, rollingcontract: true }));
    expect((await ask(listContracts, halo, {})).items).toEqual([expect.objectContaining({ id: 31, status: 'active' })]);
    expect(await ask(getContract, halo, { id: 31 })).toMatchObject({ status: 'active', rolling: true });
  });

  test('is looked at by itself if what the list says of its end can not be read', async () => {
    for (const expired of ['soon', {}, 'false', 0]) {
      const halo = books(contract({ ...past, expired, rollingcontract: true }));
      expect((await ask(listContracts, halo, {})).items).toHaveLength(1);
    }
  });

  test('is none of those that end before a day while it rolls on', async () => {
    const rolls = books(contract({ ...past, rollingcontract: true }), contract({ id: 32, end_date: '2090-01-01' }));
    const ending = async (day: string) =>
      (await ask(listContracts, rolls, { ending_before: day })).items.map(({ id }) => id);
    expect(await ending('2089-12-31')).toEqual([]);
    expect(await ending('2090-01-02')).toEqual([32]);
    expect(
      (await ask(listContracts, books(contract(past)), { status: 'all', ending_before: '2021-01-01' })).items,
    ).toHaveLength(1);
  });

  test('is expired in both if it does not, whatever Halo calls it', async () => {
    for (const expired of [true, false]) {
      const halo = books(contract({ ...past, expired, rollingcontract: false }));
      expect((await ask(listContracts, halo, {})).items).toEqual([]);
      expect((await ask(listContracts, halo, { status: 'expired' })).items).toHaveLength(1);
      expect(await ask(getContract, halo, { id: 31 })).toMatchObject({ status: 'expired' });
    }
  });

  test('is expired without a further request if Halo calls it so', async () => {
    const fake = haloWith({ contracts: [thin(contract({ ...past, expired: true }))] });
    await callOf(listContracts, fake, { status: 'expired' });
    expect(fake.asked.filter(({ path }) => path.startsWith('/ClientContract/'))).toEqual([]);
  });

  test('is told as unclear where too many single reads would be needed', async () => {
    const many = Array.from({ length: 52 }, (_, at) => contract({ ...past, id: 31 + at, rollingcontract: false }));
    const { items, hint } = await ask(listContracts, books(...many), { status: 'all', page_size: 100 });
    expect(items.filter(({ status }) => status === 'expired')).toHaveLength(50);
    expect(items.filter(({ status }) => status === undefined)).toHaveLength(2);
    expect(hint).toContain('status of');
  });
});

test.each([true, 1, 'True', '1'])('a contract without an end that Halo calls expired (%j) is so', async (expired) => {
  const halo = books(contract({ end_date: null, expired, rollingcontract: false }));
  expect((await ask(listContracts, halo, {})).items).toEqual([]);
  expect(await ask(getContract, halo, { id: 31 })).toMatchObject({ status: 'expired' });
});

test('a contract without an end of which Halo says nothing readable is told as unclear', async () => {
  const halo = books(contract({ end_date: null, expired: 'soon', rollingcontract: false }));
  expect((await ask(listContracts, halo, {})).hint).toContain('not say whether it fits "status"');
  expect((await ask(getContract, halo, { id: 31 })).status).toBeUndefined();
});

test('a contract that a renewal has replaced is superseded, in the list and by itself', async () => {
  const [old, renewal] = [contract({ id: 44 }), contract({ id: 52, start_date: '2025-07-01T00:00:00' })];
  const halo: Books = {
    ...books(old, renewal),
    more: {
      ...books(old, renewal).more,
      '/ClientContract': ({ excluderenewed }) => {
        const contracts = excluderenewed ? [thin(renewal)] : [thin(old), thin(renewal)];
        return { record_count: contracts.length, contracts };
      },
    },
  };
  const { items } = await ask(listContracts, halo, { status: 'all' });
  expect(items.map(({ id, status }) => [id, status])).toEqual([
    [44, 'superseded'],
    [52, 'active'],
  ]);
  expect(await ask(getContract, halo, { id: 44 })).toMatchObject({ status: 'superseded' });
  expect(await ask(getContract, halo, { id: 52 })).toMatchObject({ status: 'active' });
});

describe('a contract that is still to start', () => {
  const later = { start_date: '2090-01-01T00:00:00' };

  test('is active, as it has not ended, and is told not to have begun', async () => {
    const halo = books(contract(later), contract({ id: 32 }));
    const { items, hint } = await ask(listContracts, halo, {});
    expect(items.map(({ id, status, start }) => [id, status, start])).toEqual([
      [31, 'active', '2090-01-01'],
      [32, 'active', '2024-01-01'],
    ]);
    expect(hint).toContain('Not begun yet: 31 starts on 2090-01-01.');
    expect(hint).not.toContain('32');
    const one = await ask(getContract, halo, { id: 31 });
    expect(one).toMatchObject({ status: 'active', hint: expect.stringContaining('Not begun yet: 31 starts on') });
    expect((await ask(getContract, halo, { id: 32 })).hint).not.toContain('Not begun');
  });

  test('only five of many are named', async () => {
    const many = [31, 32, 33, 34, 35, 36, 37].map((id) => contract({ ...later, id }));
    const { hint } = await ask(listContracts, books(...many), {});
    expect(hint).toMatch(/Not begun yet: (\d+ starts on 2090-01-01, ){4}\d+ starts on 2090-01-01 and 2 more\./);
  });

  test('one that was archived before is not', async () => {
    const { items, hint } = await ask(listContracts, books(contract({ ...later, active: false })), { status: 'all' });
    expect([items.length, hint ?? '']).toEqual([1, expect.not.stringContaining('Not begun')]);
  });
});
