import { expect, test } from 'vitest';
import { fillIn } from '../../../core/call/prompts.js';
import type { Plugin, Prompt } from '../../../core/index.js';
import { pluginFault } from '../../../core/load/validate.js';

const prompt: Prompt = {
  name: 'sites_of_client',
  title: 'Sites of a client',
  description: 'Where a client has people.',
  tools: ['list_sites'],
  arguments: { client: { description: 'The client' }, days: { description: 'Days', otherwise: '90' } },
  text: 'Which sites does {client} have, seen in {days} days?',
};
const pluginWith = (change: object) =>
  ({
    name: 'sites',
    apiVersion: 1,
    title: 'Sites',
    tools: [{}],
    prompts: [{ ...prompt, ...change }],
  }) as unknown as Plugin;

test.each<[object, string | undefined]>([
  [{}, undefined],
  [{ name: 'Sites!' }, 'the name of its prompt "Sites!" must match'],
  [{ description: '' }, 'its prompt "sites_of_client" has no description'],
  [{ tools: [] }, 'its prompt "sites_of_client" names no tools'],
  [
    { text: 'Which sites has {client} in {days} days in {place}?' },
    'mentions {place}, which is not one of its arguments',
  ],
  [{ text: 'Which sites has {client}?' }, 'never mentions {days}'],
])('the author of a prompt is told what is wrong with it: %o', (change, sentence) => {
  const fault = pluginFault(pluginWith(change));
  if (sentence === undefined) expect(fault).toBeUndefined();
  else expect(fault).toContain(sentence);
});

test('what fills a blank is one short line, and is never filled in again', () => {
  expect(fillIn(prompt, { client: '{days}\n\u202Eabc  d' })).toBe(
    'Which sites does {days} abc d have, seen in 90 days?',
  );
  expect(fillIn(prompt, { client: 'x'.repeat(500) }).length).toBeLessThan(300);
});
