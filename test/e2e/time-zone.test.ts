/** Days in the time zone of the config, through whole sessions. */
import { afterAll, describe, expect, test } from 'vitest';
import { zoneOf } from '../../core/zone.js';
import { startSandbox } from '../../sandbox/index.js';
import { openInside } from '../inside.js';
import { haloEnv, type Json, namedConfig, type Session, textOf, walk } from '../session.js';

/** One Halo for all tests, so that its moments are the same. */
const halo = startSandbox({ requestsPer5Minutes: 1_000_000 });
const open = new Map<string, Promise<Session>>();
const openIn = async (timeZone: string): Promise<Session> =>
  openInside({
    args: [],
    env: { ...haloEnv(await halo), ...namedConfig({ timeZone, halo: { requestsPer5Minutes: 100_000 } }) },
  });
const sessionIn = (timeZone: string): Promise<Session> => {
  const known = open.get(timeZone) ?? openIn(timeZone);
  open.set(timeZone, known);
  return known;
};

afterAll(async () => {
  for (const session of open.values()) await (await session).close();
  await (await halo).close();
});

const ZONES = ['America/St_Johns', 'Asia/Kolkata', 'Pacific/Kiritimati', 'Pacific/Pago_Pago'];

/** All tickets, with the moment each was made. */
async function made(): Promise<{ id: number; at: string }[]> {
  const utc = await sessionIn('UTC');
  const { rows } = await walk(utc, 'list_tickets', { page_size: 100 });
  const some = rows.filter((_, index) => index % 90 === 0).slice(0, 5);
  return Promise.all(
    some.map(async ({ id }) => {
      const { created } = await utc.ask<{ created: string }>('get_ticket', { id: Number(id), include_actions: false });
      return { id: Number(id), at: created };
    }),
  );
}

describe.each(ZONES)('in %s', (name) => {
  test('a ticket was made on the day that its moment has there, and is found by that day', async () => {
    const session = await sessionIn(name);
    const zone = zoneOf(name);
    for (const { id, at } of await made()) {
      const day = zone.dayOf(at);
      const { rows, totals } = await walk(session, 'list_tickets', { from: day, to: day, page_size: 100 });
      expect(rows.filter((row) => row.id === id)).toEqual([expect.objectContaining({ created: day })]);
      expect(rows.filter((row) => row.created !== day)).toEqual([]);
      expect(totals.at(-1)).toBe(rows.length);
    }
  });

  test('the header names the zone where a day was asked for or is shown, and nowhere else', async () => {
    const session = await sessionIn(name);
    const head = async (tool: string, args: Json = {}) =>
      textOf(await session.call(tool, args)).split(/<halo-data|\n(?=id\t)/)[0];
    const says = `Days are those of ${name}.`;
    expect(await head('list_tickets', { page_size: 1 })).toContain(says);
    expect(await head('list_tickets', { from: '1990-01-01', to: '1990-01-02' })).toContain(says);
    expect(await head('revenue_breakdown')).toContain(says);
    expect(await head('list_agents')).not.toContain(says);
    expect(await head('get_ticket', { id: 10311, include_actions: false })).not.toContain(says);
  });

  test("an invoice's date never shifts, and an instant stays in UTC", async () => {
    const [session, utc] = [await sessionIn(name), await sessionIn('UTC')];
    const dates = async (some: Session) =>
      (await some.ask<{ items: Json[] }>('list_invoices', { kind: 'all', page_size: 50, columns: ['due'] })).items;
    expect(await dates(session)).toEqual(await dates(utc));
    const closed = async (some: Session) => some.ask('get_ticket', { id: 10311, include_actions: false });
    expect(await closed(session)).toEqual(await closed(utc));
  });

  test('today and the last complete month are those of the zone', async () => {
    const session = await sessionIn(name);
    const { method } = await session.ask<{ method: { as_of: string; to: string } }>('revenue_breakdown');
    const today = zoneOf(name).today();
    expect([method.as_of, zoneOf(name).today()]).toContain(today);
    const before = new Date(Date.parse(`${method.as_of.slice(0, 7)}-01T00:00:00Z`) - 86_400_000);
    expect(method.to).toBe(before.toISOString().slice(0, 10));
  });
});

test('in UTC no header names a zone', async () => {
  const utc = await sessionIn('UTC');
  expect(textOf(await utc.call('list_tickets', { from: '2020-01-01', page_size: 1 }))).not.toContain('Days are');
});
