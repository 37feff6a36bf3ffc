import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { scan } from '../../../core/halo/scan.js';

/** What a scan says of a text, by its error. */
function said(text: string): string | undefined {
  try {
    scan(text);
  } catch (error) {
    return `${(error as { code: string }).code}: ${(error as Error).message}`;
  }
  return undefined;
}
const TOO_DEEP = "HALO_UNEXPECTED: Halo's answer is nested more than 64 levels deep.";
const tooMany = (what: string) => `HALO_TOO_LARGE: Halo's answer holds too many ${what} and was not read.`;
const times = (many: number, piece: (n: number) => string) => Array.from({ length: many }, (_, n) => piece(n)).join();

const depthOf = (value: unknown): number =>
  typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0;

/** Ways to go deeper, with what looks like brackets beside it. */
const WAYS: ((inner: string) => string)[] = [
  (inner) => `[${inner}]`,
  (inner) => `{"a":${inner}}`,
  (inner) => `{"a": [], "b": ${inner} }`,
  (inner) => `[{},{"a":${inner}}]`,
  (inner) => `[{"a":1},{"b":[[],${inner}]},{"c":{}}]`,
  (inner) => `["]]}},{[]", "\\"},{[]}", ${inner}]`,
  (inner) => `{"},{":[],"c\\\\":${inner}}`,
];

describe('how deep an answer is', () => {
  const judged = (ways: readonly ((inner: string) => string)[]) => {
    const text = ways.reduce((inner, way) => way(inner), '1');
    return [said(text), depthOf(JSON.parse(text)) > 64 ? TOO_DEEP : undefined];
  };

  test.each(WAYS)('%s', (way) => {
    const seen = Array.from({ length: 66 }, (_, many) => judged(Array.from({ length: many }, () => way)));
    expect(seen.map(([told]) => told)).toEqual(seen.map(([, truth]) => truth));
    expect(seen.at(-1)).toEqual([TOO_DEEP, TOO_DEEP]);
  });

  test('of any shape', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...WAYS), { minLength: 20, maxLength: 66 }), (ways) => {
        const [told, truth] = judged(ways);
        expect(told).toBe(truth);
      }),
    );
  });

  test('many rows with lists of their own are not deep', () => {
    const rows = times(100, (n) => `{"id":${n},"tags":[],"lines":[{"id":1},{"id":2}],"note":"[[[{{{"}`);
    expect(said(`{"record_count":100,"tickets":[${rows}]}`)).toBeUndefined();
  });
});

describe('how much it holds', () => {
  const objects = (many: number, names: number) => times(many, (n) => `{"${n % names}":0}`);
  test.each<[string, string, string]>([
    ['parts', `[${times(249_998, () => '[]')},{}]`, `[${times(249_999, () => '[]')},{}]`],
    ['values', `[${times(700_001, () => '1')}]`, `[${times(700_002, () => '1')}]`],
    ['different fields', `{${times(40_000, (n) => `"${n}":0`)}}`, `{${times(40_001, (n) => `"${n}":0`)}}`],
    ['different fields', `[${objects(40_001, 10_000)}]`, `[${objects(40_001, 10_001)}]`],
  ])('%s', (what, most, more) => {
    expect(said(most)).toBeUndefined();
    expect(said(more)).toBe(tooMany(what));
  });

  test('what stands in texts does not count', () => {
    expect(said(`["${'[{,:'.repeat(300_000)}"]`)).toBeUndefined();
  });
});
