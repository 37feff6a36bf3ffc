/** N5: licences and prepaid blocks in the renewals calendar, on the sandbox and for a login that may not read them. */
import { describe, expect, test } from 'vitest';
import type { SandboxReply, SandboxRequest } from '../../../sandbox/types.js';
import { type Json, textOf, useStage } from '../../faults/never-wrong/stage.js';

const stage = useStage();

interface Answer extends Json {
  complete: boolean;
  renewals: Json[];
  totals: Json;
  left_out: Record<string, number>;
  note?: string;
}
const ask = async (args: Json, spoil?: (request: SandboxRequest) => SandboxReply | undefined) => {
  const result = await stage.call('renewals_calendar', args, spoil);
  expect(result.isError, textOf(result)).not.toBe(true);
  return result.structuredContent as Answer;
};
const onlyPrepaid = ({ renewals }: Answer) => renewals.filter(({ kind }) => kind === 'prepaid');

describe('N5 prepaid blocks', () => {
  test('are listed by their end with what is left of them, in no total; one client has its share', async () => {
    const [plain, all] = [await ask({ days: 365 }), await ask({ days: 365, include: ['prepaid'] })];
    const blocks = onlyPrepaid(all);
    expect(blocks.length).toBeGreaterThan(0);
    for (const block of blocks)
      expect(block).toMatchObject({ note: expect.stringMatching(/^[\d.]+ of [\d.]+ hours left\.$/) });
    const ends = all.renewals.map(({ end }) => String(end));
    expect(ends).toEqual([...ends].sort());
    expect([all.totals, all.complete]).toEqual([plain.totals, true]);
    expect(all.renewals.filter(({ kind }) => kind !== 'prepaid')).toEqual(plain.renewals);
    const one = Number(blocks[0]?.client_id);
    expect(onlyPrepaid(await ask({ days: 365, include: ['prepaid'], client_id: one }))).toEqual(
      blocks.filter(({ client_id }) => client_id === one),
    );
  });

  test('of a ledger with a row that can not be read leave the answer incomplete', async () => {
    const answer = await ask({ include: ['prepaid'] }, ({ path }) =>
      path === '/api/ClientPrepay'
        ? { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(BROKEN) }
        : undefined,
    );
    expect(answer).toMatchObject({ complete: false, totals: {} });
    expect(answer.reason).toMatch(/^Prepaid: .*prepay:1/);
  });
});

const BROKEN = {
  record_count: 1,
  prepay: [{ id: 1, client_id: 12, date: '2026-01-01', hours: 'ten', amount: 0, expirydate: '2026-11-01' }],
};

test('N5 licences that may not be read are named, and take nothing from the rest', async () => {
  const answer = await ask({ include: ['licences'] });
  expect(answer).toMatchObject({ complete: true });
  expect(answer.note).toMatch(/^Licences were not read: read:softwarelicensing is not in use here\.$/);
  expect(answer.left_out).not.toHaveProperty('renewing_licences');
});
