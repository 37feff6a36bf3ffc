import { beforeAll, describe, expect, test } from 'vitest';
import { untrusted, z } from '../../core/index.js';
import type { One } from '../one.js';
import { coreOf, pluginOf, toolOf } from './core.js';

const cyclic: Record<string, unknown> = { name: 'x' };
cyclic.self = cyclic;
/** How often an endless value was asked for more, which is the cost of checking it. */
let asked = 0;
const more = <T>(value: T): T => {
  asked += 1;
  return value;
};
const endless = (): object =>
  new Proxy({}, { get: () => more(endless()), ownKeys: () => ['a'], getOwnPropertyDescriptor });
const getOwnPropertyDescriptor = () => ({ configurable: true, enumerable: true });
let folded: unknown = 'x';
for (let times = 0; times < 40; times += 1) folded = [folded, folded];

/** Results that can't be returned, and what the log says about them. */
const IMPOSSIBLE: Record<string, [() => unknown, RegExp]> = {
  fifty_mebibytes: [() => 'x'.repeat(50 * 2 ** 20), /more than 4194304 characters/],
  many_texts: [() => Array.from({ length: 50 }, () => 'x'.repeat(2 ** 20)), /more than 4194304 characters/],
  many_values: [() => Array.from({ length: 5_000_000 }, () => 1), /more than 250000 values/],
  long_keys: [() => ({ ['k'.repeat(5 * 2 ** 20)]: 1 }), /more than 4194304 characters/],
  a_cycle: [() => cyclic, /nested deeper than 64 levels, or holds itself/],
  a_folded_list: [() => folded, /more than 250000 values|nested deeper/],
  a_bigint: [() => [1n], /a BigInt is not JSON/],
  no_number: [() => Number.NaN, /NaN is not JSON/],
  infinity: [() => Number.POSITIVE_INFINITY, /Infinity is not JSON/],
  throwing_getter: [
    () => ({
      get x() {
        throw new Error('not for you');
      },
    }),
    /not for you/,
  ],
  throwing_json: [
    () => ({
      toJSON() {
        throw new Error('no JSON of me');
      },
    }),
    /no JSON of me/,
  ],
  endless_proxy: [endless, /nested deeper than 64 levels/],
  endless_list: [
    () => new Proxy([], { get: (_, key) => more(key === 'length' ? 2 ** 32 - 1 : 1) }),
    /more than 250000/,
  ],
  revoked_proxy: [
    () => {
      const { proxy, revoke } = Proxy.revocable({}, {});
      revoke();
      return proxy;
    },
    /revoked/,
  ],
};

/** Odd results that can still be returned. */
const POSSIBLE: Record<string, [() => unknown, unknown]> = {
  a_date: [() => new Date(0), '1970-01-01T00:00:00.000Z'],
  a_proxy: [() => new Proxy({ a: 1 }, {}), { a: 1 }],
  holes: [() => [undefined, () => 1, Symbol('x')], [null, null, null]],
  lone_surrogates: [() => 'a\ud83d b\udc00', 'a\ufffd b\ufffd'],
  keys_of_surrogates: [() => ({ 'k\ud83d': 1 }), { 'k\ufffd': 1 }],
  proto_keys: [() => JSON.parse('{"__proto__": {"polluted": true}}'), JSON.parse('{"__proto__": {"polluted": true}}')],
};

describe('P14 impossible results', () => {
  const lines: string[] = [];
  let core: One;
  beforeAll(async () => {
    const all = { ...IMPOSSIBLE, ...POSSIBLE };
    const tools = Object.entries(all).map(([name, [make]]) => toolOf(name, async () => ({ said: make() })));
    const whole = [
      toolOf('whole_text', async () => 'no object'),
      toolOf('whole_nothing', async () => undefined),
      toolOf('no_promise', () => ({ said: 'at once' })),
      toolOf('false_type', async () => ({ said: 7 }), { output: z.object({ said: z.string() }) }),
      toolOf('text_of_its_own', async () => ({ said: 'x' }), { text: () => ({ head: 'x'.repeat(50 * 2 ** 20) }) }),
      toolOf('text_that_throws', async () => ({ said: 'x' }), {
        text: () => {
          throw new Error('no text');
        },
      }),
      toolOf(
        'long_and_legal',
        async () => ({ items: Array.from({ length: 40_000 }, (_, id) => ({ id, name: `x${id}` })) }),
        {
          output: z.object({ items: z.array(z.object({ id: z.int(), name: untrusted(z.string()) })) }),
        },
      ),
      toolOf('fine', async () => ({ said: 'fine' })),
    ];
    core = await coreOf([pluginOf('odd', [...tools, ...whole])], { lines });
  });

  async function call(name: string) {
    const result = await core.call(name, {});
    if (result === undefined) throw new Error(`${name} is not on`);
    expect(JSON.stringify(result).length).toBeLessThan(200_000);
    return result;
  }

  test.each(Object.entries(IMPOSSIBLE))('P14 %s is a tool error, told in the log', async (name, [, reason]) => {
    asked = 0;
    const { content, isError, structuredContent } = await call(name);
    expect(asked).toBeLessThan(1_000_000);
    expect(content).toEqual([
      {
        type: 'text',
        text: `PLUGIN_BAD_RESULT: ${name} gave a result that does not match its own output schema. Report it to the plugin's author.`,
      },
    ]);
    expect([isError, structuredContent]).toEqual([true, undefined]);
    const told = JSON.parse(lines.findLast((line) => line.includes(`"${name}"`)) ?? '{}');
    expect(told).toMatchObject({ pack: 'odd', code: 'PLUGIN_BAD_RESULT', cause: expect.stringMatching(reason) });
    expect(JSON.stringify(told).length).toBeLessThan(1000);
    expect(await call('fine')).toMatchObject({ structuredContent: { said: 'fine' } });
  });

  test.each(Object.entries(POSSIBLE))('P14 %s is answered as JSON has it', async (name, [, said]) => {
    const { structuredContent } = await call(name);
    expect(structuredContent).toEqual({ said });
    expect(JSON.stringify(structuredContent).isWellFormed()).toBe(true);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  test.each(['whole_text', 'whole_nothing', 'false_type'])(
    'P14 %s does not match its schema, said in one line',
    async (name) => {
      expect(await call(name)).toMatchObject({ isError: true });
      const told = JSON.parse(lines.findLast((line) => line.includes(`"${name}"`)) ?? '{}');
      expect(told.cause).toMatch(/^(the result|said): Invalid input: expected (object|string), received \w+$/);
    },
  );

  test('P14 a tool that answers without a promise answers all the same', async () => {
    expect(await call('no_promise')).toMatchObject({ structuredContent: { said: 'at once' } });
  });

  test.each(['text_of_its_own', 'text_that_throws'])('P14 %s is an error with a reference', async (name) => {
    expect(await call(name)).toMatchObject({
      isError: true,
      content: [{ text: expect.stringMatching(/^INTERNAL: /) }],
    });
  });

  test('P14 40,000 rows are cut to what fits', async () => {
    const { structuredContent } = await call('long_and_legal');
    expect(structuredContent).toMatchObject({ omitted: expect.any(Number), hint: expect.stringContaining('Too long') });
  });
});
