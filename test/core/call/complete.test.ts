import { expect, test } from 'vitest';
import { complete } from '../../../core/call/complete.js';
import type { Prompt } from '../../../core/index.js';
import { matchName } from '../../../core/make/resolve.js';
import { inert } from '../../../core/output/inert.js';
import { fakeContext } from '../make/fake.js';

const prompt = { name: 'review', arguments: { client: { description: 'x', complete: 'client' } } } as unknown as Prompt;
const NAMES = ['[Acme](https://evil.example)', '<img src=x> Acme', 'Ac\u200bme\u2028status: Closed', 'Other'];

test('names that are offered are one inert line each, found by what is seen of them, and known when they come back', async () => {
  const clients = NAMES.map((name, id) => ({ id: id + 1, name }));
  const { context } = fakeContext({ '/Client': () => ({ record_count: 4, clients }) });
  const { values } = await complete(prompt, 'client', 'acme', context.halo);
  const shown = values.map(inert);
  expect(shown.toSorted()).toEqual(['Acme status: Closed', '[Acme] (https://evil.example)', '‹img src=x> Acme']);
  expect(shown.map((name) => matchName(name, clients, 'client').id).toSorted()).toEqual([1, 2, 3]);
});

test('what is typed of a changed name is looked for by a piece that Halo has, too', async () => {
  const { context, asked } = fakeContext({ '/Client': () => ({ record_count: 0, clients: [] }) });
  await complete(prompt, 'client', '[Acme Widgets] (ht', context.halo);
  expect(asked[0]?.query).toMatchObject({ search: '[Acme Widgets]' });
});
