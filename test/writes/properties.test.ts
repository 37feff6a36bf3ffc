import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { memoryStore } from '../../core/call/confirm/store.js';
import type { SharedWrites } from '../../core/call/confirm/writes.js';
import type { FaultName } from '../../sandbox/faults.js';
import { startSandbox } from '../../sandbox/index.js';
import { type Desk, type Json, openDesk, rowOf } from './desk.js';

/** The number of plans; the long suite sets ten thousand. */
const PLANS = Number(process.env.WRITES ?? 60);
const IN_A_ROW = 12;
/** Rows are driven side by side, since most of their time is waiting for faults. */
const LANES = 4;

/** What goes wrong with the POST of one plan: answered or not, done or not. */
const FAULTS: readonly (FaultName | undefined)[] = [
  ...[undefined, undefined, undefined, undefined],
  ...([
    'lost',
    'reset',
    '500',
    '500-after',
    '409',
    '429-after',
    '200-empty',
    '204-after',
    'html',
    '503',
    '401',
  ] as const),
];

const anyPlan = fc.record({
  tool: fc.constantFrom('add_private_note', 'log_time', 'update_ticket', 'create_ticket'),
  ticket: fc.integer({ min: 10_200, max: 10_320 }),
  fault: fc.constantFrom(...FAULTS),
  slow: fc.integer({ min: 0, max: 99 }).map((n) => n === 0),
  /** Both callers want the same change at the same time. */
  together: fc.boolean(),
  /** The model calls again, as if it had forgotten, and confirms each token as often as this. */
  repeats: fc.integer({ min: 0, max: 2 }),
  confirmsTwice: fc.boolean(),
  restarts: fc.integer({ min: 0, max: 3 }),
});
type AnyPlan = typeof anyPlan extends fc.Arbitrary<infer P> ? P : never;

let count = 0;

/** Arguments unique to this plan, so that anything made twice shows. */
function argsOf({ tool, ticket }: AnyPlan): Json {
  count += 1;
  const text = `Plan ${count} <of> many & "more"`;
  if (tool === 'add_private_note') return { ticket_id: ticket, note: text };
  if (tool === 'log_time') return { ticket_id: ticket, hours: 0.25, note: text };
  if (tool === 'create_ticket')
    return { client_id: 12, summary: `Unique${count} wish${count}`, details: text, type: 1 };
  return { id: ticket, status: count % 2 === 0 ? 'On Hold' : 'Scheduled', agent: [3, 5, 6, 7][count % 4] };
}

/** One plan, driven by a model that repeats itself: it confirms whatever it is shown, but never twice on purpose. */
async function drive(desks: readonly Desk[], plan: AnyPlan, args: Json, confirmed: Map<string, string>): Promise<void> {
  const once = async (desk: Desk, principal: string) => {
    const session = desk.open({ principal });
    const call = async (more: Json = {}) =>
      (await session.call(plan.tool, { ...args, ...more })).structuredContent ?? {};
    const { state, confirm, body } = await call();
    if (state !== 'preview') return;
    confirmed.set(String(confirm), JSON.stringify(body));
    const confirms = [call({ confirm }), ...(plan.confirmsTwice ? [call({ confirm })] : [])];
    await Promise.all(confirms);
  };
  for (let time = 0; time <= plan.repeats; time += 1) {
    const at = (n: number) => desks[(time + n) % desks.length] as Desk;
    await Promise.all([once(at(0), 'ann'), ...(plan.together ? [once(at(1), 'ben')] : [])]);
    if (plan.restarts === time + 1) await at(0).restart();
  }
}

/** Drives a row of plans against a Halo of its own, and returns how many changes that Halo made. */
async function inARow(row: readonly AnyPlan[], replicas: boolean): Promise<number> {
  const halo = await startSandbox({ requestsPer5Minutes: 10_000_000, scopes: ['all'] });
  try {
    const shared: SharedWrites = { store: { ...memoryStore(), shared: true }, key: randomBytes(32) };
    const open = () => openDesk({ halo, timeoutMs: 2_000, ...(replicas && { shared }) });
    // Without a store, two servers would know nothing of each other, so there is only one.
    const desks = replicas ? [await open(), await open()] : [await open()];
    for (const plan of row) {
      const [changes, requests, mails] = [halo.changes.length, halo.requests.length, halo.mails.length];
      const confirmed = new Map<string, string>();
      const args = argsOf(plan);
      if (plan.slow) halo.fault({ name: 'slow-headers', on: 'write', times: 1, ms: 5_000 });
      else if (plan.fault !== undefined) halo.fault({ name: plan.fault, on: 'write', times: 1, seconds: 0 });
      await drive(desks, plan, args, confirmed);
      halo.clearFaults();
      const posts = halo.requests
        .slice(requests)
        .filter(({ method, path }) => method !== 'GET' && path.startsWith('/api/'));
      const made = halo.changes.slice(changes);
      // A failed update may be repeated from another state; of everything else only one is ever made.
      const rows = made.map(({ row: one }) => JSON.stringify(one));
      expect(rows.length, JSON.stringify(plan)).toBe(new Set(rows).size);
      if (plan.tool !== 'update_ticket') expect(rows.length).toBeLessThanOrEqual(1);
      const shown = new Set(confirmed.values());
      for (const { body = '' } of posts) expect(shown).toContain(body);
      expect(posts.length).toBeLessThanOrEqual(confirmed.size);
      // What is made is exactly what was shown.
      for (const { row: one } of made) expect(posts.map(({ body }) => rowOf(body))).toContainEqual(one);
      if (plan.tool !== 'create_ticket') expect(halo.mails.length).toBe(mails);
    }
    return halo.changes.length;
  } finally {
    await halo.close();
  }
}

test('no plan is made twice, without its confirmation, with a field that was not shown, or with an e-mail', async () => {
  const plans = fc.array(anyPlan, { minLength: IN_A_ROW, maxLength: IN_A_ROW });
  let made = 0;
  const lane = () =>
    fc.assert(
      fc.asyncProperty(plans, fc.boolean(), async (row, replicas) => {
        const changes = await inARow(row, replicas);
        made += changes;
      }),
      { numRuns: Math.ceil(PLANS / IN_A_ROW / LANES) },
    );
  await Promise.all(Array.from({ length: LANES }, lane));
  expect(made).toBeGreaterThan(PLANS / 3);
}, 3_600_000);
