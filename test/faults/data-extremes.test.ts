/** Every tool, with each of its numbers, days and months at their extremes: an answer, or a sentence about them. */
import { expect, test } from 'vitest';
import { openInside } from '../inside.js';
import { type Json, namedConfig, textOf } from '../session.js';
import { ALL } from '../writes/desk.js';
import { EVERY_PACK, everyCall } from './every-tool.js';

interface Kind {
  type?: string;
  pattern?: string;
  description?: string;
  anyOf?: Kind[];
}

const NUMBERS = [-(2 ** 53 - 1), 0, 2 ** 31 - 1, 2 ** 31, 1_234_567_890_123_456, 2 ** 53 - 1, 1e300];
const DAYS = ['0000-01-01', '1899-12-31', '1900-01-01', '2200-12-31', '2201-01-01', '9999-12-31'];
const MONTHS = DAYS.map((day) => day.slice(0, 7));

/** The extremes of an argument, by its kind. */
function extremesOf({ anyOf, type, pattern = '', description = '' }: Kind): readonly unknown[] {
  if (anyOf !== undefined) return anyOf.flatMap(extremesOf);
  if (type === 'integer' || type === 'number') return NUMBERS;
  if (description.startsWith('YYYY-MM-DD') || /\\d\{4\}-\\d\{2\}-/.test(pattern)) return DAYS;
  return pattern.includes('\\d{4}-') ? MONTHS : [];
}

const WRITES: Record<string, Json> = {
  add_private_note: { ticket_id: 10311, note: 'x' },
  log_time: { ticket_id: 10311, hours: 1, note: 'x' },
  update_ticket: { id: 10311, status: 1 },
  create_ticket: { client_id: 12, summary: 'x', details: 'y', type: 1 },
};

/** What may be said of such an argument. */
const SAYS = /^(?:BAD_ARGUMENTS|UNKNOWN_NAME|HALO_NOT_FOUND): /;

test('every extreme of every argument', async () => {
  const desk = { use: 'desk-actions', allowWrites: ALL, allowCustomerVisible: true };
  const config = { ...EVERY_PACK, plugins: [...EVERY_PACK.plugins, desk] };
  const session = await openInside({ args: ['--sandbox'], env: namedConfig(config) });
  const { tools } = await session.client.listTools();
  const usual = new Map((await everyCall(session)).map(({ name, args }) => [name, args]));
  const said: string[] = [];
  let tried = 0;
  for (const { name, inputSchema } of tools) {
    const kinds = (inputSchema.properties ?? {}) as Record<string, Kind>;
    const { columns: _, ...base } = { ...usual.get(name), ...WRITES[name] } as Json;
    const tries: Json[] = Object.entries(kinds).flatMap(([key, kind]) =>
      extremesOf(kind).map((value) => ({ ...base, [key]: value })),
    );
    const { from, to, as_of } = kinds;
    if (from !== undefined && to !== undefined)
      for (const end of extremesOf(from))
        tries.push({ ...base, from: end, to: end, ...(as_of && { as_of: String(end).padEnd(10, '-01') }) });
    for (const args of tries) {
      tried += 1;
      const result = await session.call(name, args);
      const text = textOf(result);
      if (result.isError && !SAYS.test(text)) said.push(`${name} ${JSON.stringify(args)}: ${text.slice(0, 200)}`);
    }
  }
  expect(said).toEqual([]);
  expect(tried).toBeGreaterThan(500);
  await session.close();
}, 600_000);
