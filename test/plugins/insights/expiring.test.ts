/** N5: licences and prepaid blocks in the renewals calendar, on the sandbox and where a login may not read them. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { definePlugin, defineTool, z } from '../../../core/index.js';
import type { SandboxReply, SandboxRequest } from '../../../sandbox/types.js';
import { type Json, textOf, useStage } from '../../faults/never-wrong/stage.js';
import { ALL_READ, type Connection, connect, type Row } from '../../sandbox/connect.js';

/** A pack whose scope the calendar uses where it is on; no bundled one asks for it. */
const seats = definePlugin({
  name: 'seats',
  apiVersion: 1,
  title: 'Seats',
  tools: [
    defineTool({
      name: 'list_seats',
      title: 'Seats',
      description: 'Licences.',
      effect: 'read',
      scopes: ['read:softwarelicensing'],
      input: z.strictObject({}),
      output: z.object({}),
      run: async () => ({}),
    }),
  ],
});

const stage = useStage();
const licensed = useStage({}, undefined, [seats]);

interface Answer extends Json {
  complete: boolean;
  renewals: Json[];
  totals: Json;
  left_out: Record<string, number>;
  note?: string;
}
const ask = async (args: Json, spoil?: (request: SandboxRequest) => SandboxReply | undefined, of = stage) => {
  const result = await of.call('renewals_calendar', args, spoil);
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

describe('N5 licences', () => {
  let halo: Connection;
  let rows: Row[];
  beforeAll(async () => {
    halo = await connect({}, `${ALL_READ} read:softwarelicensing`);
    rows = await halo.rows('/SoftwareLicence?count=100', 'licences');
  });
  afterAll(() => halo.sandbox.close());

  const [from, to] = ['2026-10-15', '2027-01-13'];
  const day = (value: unknown) => String(value).slice(0, 10);
  const ends = ({ end_date }: Row) => day(end_date) >= from && day(end_date) <= to;
  const include = ['licences'];

  test('that end are listed with their seats, in no total; those that renew themselves are counted', async () => {
    const [plain, all] = [await ask({}, undefined, licensed), await ask({ include }, undefined, licensed)];
    const own = all.renewals.filter(({ kind }) => kind === 'licence');
    const due = rows
      .filter((row) => ends(row) && row.autorenew === false)
      .sort((a, b) => (day(a.end_date) < day(b.end_date) ? -1 : 1));
    expect(due.length).toBeGreaterThan(1);
    expect(own).toEqual(
      due.map((row) => ({
        end: day(row.end_date),
        days_left: (Date.parse(day(row.end_date)) - Date.parse(from)) / 86_400_000,
        kind: 'licence',
        entity: `licence:${row.id}`,
        ref: row.name,
        client_id: row.client_id,
        client: row.client_name,
        note: `Licences: ${row.count}, ${row.licences_in_use} of them in use.`,
      })),
    );
    expect(all.left_out.renewing_licences).toBe(rows.filter((row) => ends(row) && row.autorenew === true).length);
    expect(all.left_out.renewing_licences).toBeGreaterThan(0);
    expect(all).toMatchObject({ complete: true, from, to, totals: plain.totals });
    expect(all).not.toHaveProperty('note');
    expect(all.renewals.filter(({ kind }) => kind !== 'licence')).toEqual(plain.renewals);
  });

  test.each([12, 17, 38])('of client %i are its share of all', async (client_id) => {
    const [all, one] = [
      await ask({ include, days: 60 }, undefined, licensed),
      await ask({ include, days: 60, client_id }, undefined, licensed),
    ];
    const theirs = ({ kind, client_id: id }: Json) => kind === 'licence' && id === client_id;
    expect(one.renewals.filter(({ kind }) => kind === 'licence')).toEqual(all.renewals.filter(theirs));
  });

  test('of which one can not be read leave the answer incomplete', async () => {
    const broken = rows.map((row) => (row.id === 4 ? { ...row, end_date: 'soon' } : row));
    const body = JSON.stringify({ record_count: broken.length, licences: broken });
    const answer = await ask(
      { include },
      ({ path }) =>
        path === '/api/SoftwareLicence'
          ? { status: 200, headers: { 'content-type': 'application/json' }, body }
          : undefined,
      licensed,
    );
    expect(answer).toMatchObject({ complete: false, totals: {} });
    expect(answer.reason).toContain('licence:4 (end_date)');
  });
});

test('N5 licences that may not be read are named, and take nothing from the rest', async () => {
  const answer = await ask({ include: ['licences'] });
  expect(answer).toMatchObject({ complete: true });
  expect(answer.note).toMatch(
    /^Licences were not read: that takes read:softwarelicensing, which "scopes" in the config can name\.$/,
  );
  expect(answer.left_out).not.toHaveProperty('renewing_licences');
});
