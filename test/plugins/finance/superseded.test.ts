/** Which contracts a renewal has replaced, if Halo may ignore its own switch. */
import { describe, expect, test } from 'vitest';
import { supersededOf } from '../../../plugins/finance/superseded.js';
import { keepContract } from '../../../revenue/index.js';
import { contract, type Fields } from './halo.js';

const DAY = '2026-10-15';
const old = contract({ id: 44, start_date: '2024-01-01T00:00:00' });
const renewal = contract({ id: 52, start_date: '2026-07-01T00:00:00' });
const other = contract({ id: 60, client_id: 13 });

/** @param left the contracts that remain with Halo's switch */
async function judge(rows: Fields[], left: Fields[], proved = false) {
  let asked = 0;
  const contracts = left.flatMap((row) => keepContract(row) ?? []);
  const isProved = async () => {
    asked += 1;
    return proved;
  };
  return { said: await supersededOf(rows, { contracts, isProved }, DAY), asked };
}

describe('a contract of a client with a later one that has started', () => {
  test('is superseded where the switch leaves it out, and nothing more is asked', async () => {
    expect(await judge([old, renewal], [renewal, other])).toEqual({ said: [true, false], asked: 0 });
  });

  test('is left open where nothing shows that the switch leaves any out', async () => {
    expect(await judge([old, renewal], [old, renewal])).toEqual({ said: [undefined, false], asked: 1 });
  });

  test('goes on where the switch leaves it in and another out', async () => {
    expect(await judge([old, renewal], [old, renewal], true)).toEqual({ said: [false, false], asked: 1 });
    expect(await judge([old, renewal, other], [old, renewal])).toEqual({ said: [false, false, false], asked: 0 });
  });

  test('goes on while the later one has not started', async () => {
    const later = contract({ id: 52, start_date: '2026-10-16T00:00:00' });
    expect(await judge([old], [later])).toEqual({ said: [false], asked: 0 });
  });

  test('is left open where a start can not be read', async () => {
    const unread = contract({ id: 52, start_date: 'soon' });
    expect((await judge([old], [unread])).said).toEqual([undefined]);
  });
});

test('clients with one contract each leave nothing open, whatever the switch does', async () => {
  expect(await judge([old, other], [old, other])).toEqual({ said: [false, false], asked: 0 });
});
