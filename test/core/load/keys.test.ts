import { expect, test } from 'vitest';
import { bundled } from '../../../cli/packs.js';
import type { AnyTool, Plugin } from '../../../core/define.js';
import { strangeKeys } from '../../../core/load/validate.js';
import { pluginOf, toolOf, writerOf } from '../../faults/core.js';

const tool = toolOf('say_hello', () => ({ said: 1 }));

test.each<[string, unknown, string]>([
  [
    'a plugin',
    { ...pluginOf('mine', [tool]), tool: [] },
    'The plugin "mine" has an unknown key "tool", which does nothing. Did you mean "tools"?',
  ],
  [
    'a plugin without any tools',
    { name: 'mine', tool: [tool] },
    'The plugin "mine" has an unknown key "tool", which does nothing. Did you mean "tools"?',
  ],
  [
    'a tool',
    pluginOf('mine', [{ ...tool, scope: ['read:kb'] } as AnyTool]),
    'The plugin "mine": its tool "say_hello" has an unknown key "scope", which does nothing. Did you mean "scopes"?',
  ],
  [
    'a tool, with a word of its own',
    pluginOf('mine', [{ ...tool, since: 1 } as AnyTool]),
    'The plugin "mine": its tool "say_hello" has an unknown key "since", which does nothing.',
  ],
])('a key that nothing reads is told: %s', (_, plugin, words) => {
  expect(strangeKeys(plugin)).toEqual([words]);
});

test('what is no plugin has none', () => {
  for (const value of [undefined, null, 'x', { tools: [null, 1] }, { tools: {} }])
    expect(strangeKeys(value)).toEqual([]);
  expect(strangeKeys(pluginOf('mine', [tool, writerOf('do_it')]))).toEqual([]);
});

test.each(Object.entries(bundled))('the pack %s has none', async (_, { load }) => {
  const plugin: Plugin = await load();
  expect(strangeKeys(plugin)).toEqual([]);
});
