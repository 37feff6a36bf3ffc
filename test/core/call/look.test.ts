import { describe, expect, test } from 'vitest';
import { lookFor } from '../../../core/call/confirm/look.js';
import type { Prepared } from '../../../core/call/confirm/prepare.js';

const NOTE = { ticket_id: 7, outcome_id: 7, note_html: 'Replaced the patch panel.', hiddenfromuser: true };
const prepared = { path: '/Actions', body: [NOTE] } as unknown as Prepared;
const action = (id: number, note = 'Another.') => ({ id, ticket_id: 7, note_html: note, timetaken: 0 });
const actions = (many: number) => Array.from({ length: many }, (_, index) => action(index + 1));

const look = (body: unknown) => lookFor(prepared, { get: async () => body }, {});

describe('whether a note has been made, where no answer came', () => {
  test('is known from a whole list', async () => {
    expect(await look({ record_count: 2, actions: actions(2) })).toBeUndefined();
    const made = action(3, NOTE.note_html);
    expect(await look({ record_count: 3, actions: [...actions(2), made] })).toBe(made);
  });

  test.each<[string, unknown]>([
    ['an error', { error: 'not now' }],
    ['an error beside an empty list', { error: 'not now', actions: [] }],
    ['an empty object', {}],
    ['rows under another name', { record_count: 1, rows: actions(1) }],
    ['text', 'not now'],
  ])('is not known from %s, so it is not reported missing', async (_, body) => {
    await expect(look(body)).rejects.toMatchObject({ code: 'HALO_UNEXPECTED' });
  });

  test.each<[string, unknown]>([
    ['as many as were asked for', { actions: actions(1000) }],
    ['fewer than Halo counts', { record_count: 60, actions: actions(50) }],
    ['some that are not records', { record_count: 3, actions: [...actions(2), null] }],
    ['as many as Halo is known to stop at, uncounted', { actions: actions(50) }],
    ['as many as Halo is known to stop at, which it counts', { record_count: 100, actions: actions(100) }],
  ])('can not be told from a list that may lack it: %s', async (_, body) => {
    expect(await look(body)).toBeNull();
  });

  test('of a ticket can not be told from newest ones that can not all be read', async () => {
    const ticket = { path: '/Tickets', body: [{ client_id: 12, summary: 'Printer' }] } as unknown as Prepared;
    const lookAt = (tickets: unknown[]) => lookFor(ticket, { get: async () => ({ tickets }) }, {});
    const other = { id: 43, client_id: 12, summary: 'Screen' };
    expect([await lookAt([other]), await lookAt([other, null])]).toEqual([undefined, null]);
  });

  test.each<[string, (at: number) => string, null | undefined]>([
    ['newest first', (at) => `2026-10-15T10:${59 - at}:00`, undefined],
    ['all at once', () => '2026-10-15T10:00:00', undefined],
    ['oldest first, so Halo may have newer ones', (at) => `2026-10-15T10:${10 + at}:00`, null],
    ['in an order that nobody can tell', () => '', null],
  ])('of a ticket: a full page that comes %s', async (_, when, expected) => {
    const ticket = { path: '/Tickets', body: [{ client_id: 12, summary: 'Printer' }] } as unknown as Prepared;
    const page = (many: number) =>
      Array.from({ length: many }, (__, at) => ({
        id: at + 1,
        client_id: 12,
        summary: 'Screen',
        dateoccurred: when(at),
      }));
    const lookAt = (tickets: unknown[]) => lookFor(ticket, { get: async () => ({ tickets }) }, {});
    expect(await lookAt(page(50))).toBe(expected);
    expect(await lookAt(page(49))).toBeUndefined();
  });

  test('is known if it is among them, whatever else is missing', async () => {
    const made = action(51, NOTE.note_html);
    expect(await look({ record_count: 60, actions: [...actions(50), made] })).toBe(made);
  });
});
