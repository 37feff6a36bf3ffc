import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Exact } from '../../revenue/index.js';
import { proofOf } from '../../revenue/questions/frame.js';

it('shows the largest rows first, of equal ones the earlier, and adds up all of them', () => {
  const rows = fc.array(fc.record({ cents: fc.integer({ min: -30, max: 30 }), code: fc.constantFrom('AUD', 'GBP') }), {
    maxLength: 120,
  });
  fc.assert(
    fc.property(rows, fc.integer({ min: 0, max: 9 }), (all, most) => {
      const items = all.map(({ cents, code }, place) => ({
        ...{ amount: new Exact(cents).div(100), code, item: { place } },
      }));
      const proof = proofOf(items, most);
      const inOrder = all
        .map(({ cents }, place) => ({ size: Math.abs(cents), place }))
        .sort((a, b) => b.size - a.size || a.place - b.place);
      expect(proof.items.map(({ place }) => place)).toEqual(inOrder.slice(0, most).map(({ place }) => place));
      expect([proof.count, proof.truncated]).toEqual([all.length, all.length > most]);
      for (const [code, sum] of Object.entries(proof.sum))
        expect(Math.round(Number(sum) * 100)).toBe(
          all.filter((one) => one.code === code).reduce((total, { cents }) => total + cents, 0),
        );
      expect(Object.keys(proof.sum)).toEqual([...new Set(all.map(({ code }) => code))].sort());
    }),
  );
});
