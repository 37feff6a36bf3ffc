/** Time is logged for a day of the configured zone, in hours, once. */
import { afterEach, describe, expect, test, vi } from 'vitest';
import { instantOf } from '../../core/index.js';
import { zoneOf } from '../../core/zone.js';
import { instantIn } from '../../plugins/desk-actions/work-day.js';
import { type DeskOptions, type Json, openDesk, rowOf, TICKET } from './desk.js';

afterEach(() => void vi.useRealTimers());

const time = { ticket_id: TICKET, hours: 1, note: 'Patched.' };
const at = (now: string) => vi.useFakeTimers({ toFake: ['Date'], now: Date.parse(now) });

async function logged(args: Json, options: DeskOptions = {}) {
  const desk = await openDesk(options);
  const preview = await desk.call('log_time', { ...time, ...args });
  const done = await desk.call('log_time', { ...time, ...args, confirm: preview.said.confirm });
  const { said } = await desk.call('list_actions', { ticket_id: TICKET, page_size: 100 });
  const made = (said.items as Json[]).find(({ id }) => id === done.said.id) ?? {};
  return { preview, done, row: rowOf(desk.posts()[0]?.body), made };
}

describe('a day of the configured zone', () => {
  const ZONES = [
    'Pacific/Kiritimati',
    'Pacific/Pago_Pago',
    'Asia/Kathmandu',
    'America/St_Johns',
    'Europe/London',
    'UTC',
  ];

  test.each(ZONES)('is read back as that day in %s, also where clocks change', (name) => {
    const zone = zoneOf(name);
    for (let day = Date.UTC(2026, 0, 1); day < Date.UTC(2027, 0, 1); day += 86_400_000) {
      const wanted = new Date(day).toISOString().slice(0, 10);
      const sent = instantIn(zone, wanted);
      expect(sent).toMatch(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$/);
      expect(zone.dayOf(String(instantOf(sent)))).toBe(wanted);
    }
  });

  test.each([
    ['Europe/Berlin', '2026-03-29', '2026-03-29T10:30:00'],
    ['Europe/Berlin', '2026-10-25', '2026-10-25T10:30:00'],
    ['Pacific/Auckland', '2026-09-27', '2026-09-26T23:30:00'],
    ['America/Havana', '2026-03-08', '2026-03-08T16:30:00'],
  ])('in %s on %s is sent as a moment in the middle of it', (name, day, moment) => {
    expect(instantIn(zoneOf(name), day)).toBe(moment);
  });

  test('that a zone leapt over is refused', async () => {
    const desk = await openDesk({ timeZone: 'Pacific/Apia' });
    const refused = await desk.call('log_time', { ...time, day: '2011-12-30' });
    expect(refused.text).toMatch(/^BAD_ARGUMENTS: "day" is 2011-12-30, which Pacific\/Apia never had/);
  });

  test('is today there when it is left out, whatever UTC says', async () => {
    at('2026-11-29T11:30:00Z');
    const { preview, row, made } = await logged({}, { timeZone: 'Pacific/Kiritimati' });
    expect(preview.said.says).toContain('for 2026-11-30 (today) on');
    expect(row).not.toHaveProperty('datetime');
    expect(zoneOf('Pacific/Kiritimati').dayOf(String(made.when))).toBe('2026-11-30');
  });

  test.each([
    ['2026-11-30', 'Pacific/Kiritimati', undefined],
    ['2026-11-30', 'UTC', '"day" is 2026-11-30, which has not come yet: it is 2026-11-29 in UTC.'],
    ['2026-11-29', 'Pacific/Pago_Pago', undefined],
  ])('%s has come in %s, or is refused', async (day, timeZone, why) => {
    at('2026-11-29T11:30:00Z');
    const desk = await openDesk({ timeZone });
    const answer = await desk.call('log_time', { ...time, day });
    if (why === undefined) expect(answer.said.state).toBe('preview');
    else expect(answer.text).toContain(why);
  });

  test('that ends between the preview and its confirmation is not confirmed as another one', async () => {
    at('2026-11-29T23:59:00Z');
    const desk = await openDesk({ timeZone: 'UTC' });
    for (const day of [undefined, '2026-11-29']) {
      vi.setSystemTime(Date.parse('2026-11-29T23:59:00Z'));
      const args = { ...time, ...(day && { day }) };
      const { said } = await desk.call('log_time', args);
      vi.setSystemTime(Date.parse('2026-11-30T00:01:00Z'));
      expect((await desk.call('log_time', { ...args, confirm: said.confirm })).text).toContain('was changed meanwhile');
    }
    expect(desk.posts()).toEqual([]);
  });

  test.each(['1899-12-30', '1900-01-01', '0001-01-01', '2026-02-29', '2026-13-01', '29.11.2026', '２０２６-11-01'])(
    '%s is not a day',
    async (day) => {
      const desk = await openDesk();
      const refused = await desk.call('log_time', { ...time, day });
      expect(refused.text).toMatch(/^BAD_ARGUMENTS: "day" must be a day of the calendar/);
      expect(desk.posts()).toEqual([]);
    },
  );
});

describe('hours', () => {
  test.each([
    [0.0625, 0.0625],
    [0.1 + 0.2, 0.3],
    [1 / 3, 0.3333],
    [24, 24],
    [0.0001, 0.0001],
    ['1.75', 1.75],
  ])('%s are sent as %d, which is shown', async (hours, sent) => {
    const { preview, done, row } = await logged({ hours });
    expect(preview.said.says).toContain(`Log ${sent} h `);
    expect(row.timetaken).toBe(sent);
    expect(done.said).toMatchObject({ state: 'done', hours: sent });
    expect(done.said.seen).toBeUndefined();
  });

  test.each([0, -1, 24.0001, 1e-9, 0.00004, '1:30', 'one', '１', Number.MAX_VALUE, null, true])(
    'time of %s hours is refused before anything is sent',
    async (hours) => {
      const desk = await openDesk();
      const refused = await desk.call('log_time', { ...time, hours });
      expect(refused.text).toMatch(/^BAD_ARGUMENTS: "hours"/);
      expect(desk.posts()).toEqual([]);
    },
  );

  test('that Halo keeps otherwise are told', async () => {
    const desk = await openDesk({
      sandbox: {
        async intercept({ method, path }, answer) {
          if (method !== 'GET' || !path.startsWith('/api/Actions/')) return undefined;
          const reply = await answer();
          return { ...reply, body: JSON.stringify({ ...(JSON.parse(String(reply.body)) as Json), timetaken: 60 }) };
        },
      },
    });
    expect((await desk.confirmed('log_time', time)).said.seen).toEqual(['Halo took 60 h in place of 1 h']);
  });
});

describe('time that was logged already', () => {
  test('for another day is found by what it is, after a restart that forgot it', async () => {
    const desk = await openDesk();
    const back = { ...time, day: '2026-10-01' };
    const done = await desk.confirmed('log_time', back);
    await desk.restart();
    expect((await desk.call('log_time', back)).said).toMatchObject({ state: 'already_done', id: done.said.id });
    // The same time on another day is another entry, and so is today's.
    for (const other of [{ ...time, day: '2026-10-02' }, time])
      expect((await desk.call('log_time', other)).said.state).toBe('preview');
  });

  test('and whose answer was lost is found though Halo keeps two digits of it', async () => {
    const desk = await openDesk({
      sandbox: {
        async intercept({ method, path }, answer) {
          if (method !== 'GET' || !path.startsWith('/api/Actions')) return undefined;
          const reply = await answer();
          return { ...reply, body: String(reply.body).replaceAll('"timetaken":0.3333', '"timetaken":0.33') };
        },
      },
    });
    const args = { ...time, hours: 1 / 3, day: '2026-10-01' };
    const { said } = await desk.call('log_time', args);
    desk.halo.fault({ name: 'lost', on: 'write', times: 1 });
    const done = await desk.call('log_time', { ...args, confirm: said.confirm });
    expect(done.said).toMatchObject({ state: 'done', found: true });
    expect(done.said.seen).toBeUndefined();
    expect(desk.halo.changes).toHaveLength(1);
  });
});
