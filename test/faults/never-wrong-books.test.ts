/** Random books and calls under random faults. PROPERTY_RUNS sets the number of runs; fast-check prints the seed of a failure. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rawBook } from '../revenue/books.js';
import { agreeing, haloOf, larger } from './never-wrong/books.js';
import { CALLS, type Call } from './never-wrong/calls.js';
import { NO_RECORD } from './never-wrong/envelopes.js';
import { forget } from './never-wrong/halo.js';
import { type Fault, faultsOn, spoilAll } from './never-wrong/random.js';
import { useStage } from './never-wrong/stage.js';
import { trialsOn } from './never-wrong/trials.js';
import { everything } from './never-wrong/trying.js';

/** A failure is reported with its seed, not shrunk: books are large, and each try is a call. */
const runs = everything ? 1000 : 8;
const stage = useStage();

const WINDOW = { from: '2025-07-01', to: '2026-06-30' };

/** Questions that sum, and lists of what they sum. */
const ASKED: readonly Call[] = [
  ['revenue_breakdown', WINDOW],
  ['revenue_breakdown', { ...WINDOW, client_id: 101 }],
  ['revenue_breakdown', { ...WINDOW, client_id: 102, attribute_to: 'billed_client' }],
  ['billing_leaks', {}],
  ['renewals_calendar', { days: 365 }],
  ['revenue_trend', WINDOW],
  ['client_concentration', WINDOW],
  ['list_invoices', { kind: 'all', page_size: 100 }],
  ['list_invoices', { kind: 'all', client_id: 103, page_size: 20 }],
  ['list_recurring_invoices', { status: 'all' }],
  ['list_contracts', { status: 'all' }],
];

/** The few quick runs are the same every day. */
const options = { numRuns: runs, endOnFailure: true, ...(!everything && { seed: 1 }) };
const named = (faults: readonly Fault[]) => faults.map(({ name }) => name).join(', ');
const mayBeGone = (faults: readonly Fault[]) => faults.some(({ name }) => NO_RECORD.includes(name));

describe('no total without a word differs from the truth', () => {
  test(`${runs} random books under faults`, { timeout: 60_000 + runs * 1000 }, async () => {
    const scene = fc.record({
      book: fc.tuple(rawBook, fc.integer({ min: 1, max: 3 })).map(([book, times]) => larger(agreeing(book), times)),
      cap: fc.constantFrom(50, 100),
      call: fc.constantFrom(...ASKED),
      faults: faultsOn(['invoice', 'recurringinvoice', 'clientcontract', 'client', 'currency']),
    });
    await fc.assert(
      fc.asyncProperty(scene, async ({ book, cap, call, faults }) => {
        forget();
        const serve = haloOf(book, cap);
        const trials = trialsOn(stage, (request) => serve(request));
        expect(await trials.faults(named(faults), spoilAll(faults), [call], mayBeGone(faults))).toEqual([]);
      }),
      options,
    );
  });

  test(`${runs} random calls of a tenant under faults`, { timeout: 60_000 + runs * 1000 }, async () => {
    forget();
    const trials = trialsOn(stage);
    const paths = [
      'tickets',
      'actions',
      'client',
      'site',
      'users',
      'asset',
      'projects',
      'report',
      'invoice',
      'agent',
      'invoicepayment',
      'clientprepay',
      'clientcontract',
      'recurringinvoice',
    ];
    const scene = fc.record({ call: fc.constantFrom(...CALLS), faults: faultsOn(paths) });
    await fc.assert(
      fc.asyncProperty(scene, async ({ call, faults }) => {
        expect(await trials.faults(named(faults), spoilAll(faults), [call], mayBeGone(faults))).toEqual([]);
      }),
      options,
    );
  });
});
