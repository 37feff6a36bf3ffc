/** One of several servers that share nothing except how many they are. */
import { describe, expect, test } from 'vitest';
import { settingsFrom } from '../../../config/index.js';
import { Departures } from '../../../core/halo/departures.js';
import { shareOf } from '../../../core/halo/shared-budget.js';
import { Redactor } from '../../../core/output/redact.js';
import { createServer } from '../../../core/server.js';

const log = { debug() {}, info() {}, warn() {}, error() {} };

describe('a limit that is divided', () => {
  test.each([
    [280, 1, 280],
    [280, 2, 140],
    [280, 3, 93],
    [10, 100, 1],
  ])('%i among %i is %i', (limit, servers, share) => {
    expect(shareOf(limit, servers)).toBe(share);
  });

  test('is each customer’s, by login', async () => {
    const server = await createServer(
      {
        ...settingsFrom({
          customers: { contoso: { requestsPer5Minutes: 280 }, fabrikam: { requestsPer5Minutes: 90 } },
        }),
        replicas: 3,
      },
      { log, redactor: new Redactor(), bundled: {}, self: {}, connect: () => Promise.reject(new Error('not asked')) },
    );
    expect(server.customers.map((name) => server.customer(name).client.left)).toEqual([93, 30]);
  });
});

describe('what a server may let go that knows nothing of the others', () => {
  test('is its part of what was free when it last knew', () => {
    const departures = new Departures(12, 1000);
    const known = performanceOf(0);
    for (let n = 0; n < 4; n += 1) departures.add(`known:${n}`, false, known);
    expect(departures.momentOf(0, known, 2)).toBe(known);
    expect(departures.momentOf(3, known, 2)).toBe(known);
    // The fifth has to wait until the known requests have left the window.
    expect(departures.momentOf(4, known, 2)).toBe(known + 1000);
    for (let n = 0; n < 4; n += 1) departures.add(`own:${n}`, true, known);
    expect(departures.momentOf(0, known, 2)).toBe(known + 1000);
  });

  test('is one at a time where there is less than one for each', () => {
    const departures = new Departures(10, 1000);
    const now = performanceOf(0);
    expect(departures.momentOf(0, now, 100)).toBe(now);
    departures.add('own:1', true, now);
    expect(departures.momentOf(0, now, 100)).toBe(now + 1000);
    expect(departures.momentOf(1, now, 100)).toBe(now + 2000);
  });

  test('the same departure counts once', () => {
    const departures = new Departures(12, 1000);
    departures.add('a', false, 5);
    departures.add('a', false, 5);
    expect(departures.weight(1)).toBe(1);
  });
});

/** A moment on a stopped clock. */
function performanceOf(milliseconds: number): number {
  return 1_000_000 + milliseconds;
}
