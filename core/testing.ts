import { describe, expect, test } from 'vitest';
import type { Plugin } from './define.js';
import { tokensOf } from './output/fit.js';
import { publicTool } from './output/schema.js';
import { pluginFault, toolFault } from './validate.js';

/** Arguments whose name says all that there is to say. */
const PLAIN = /^([a-z]+|\w+_(id|ids|name|from|to|before|after|days|limit|size|only)|(include|open|as)_\w+)$/;
const MOST_TOKENS = 800;

/**
 * The contract that any plugin can run in its own vitest: one call, and its names, descriptions, schemas, effects,
 * scopes and token budget are tested.
 *
 * @example describePlugin(plugin);
 */
export function describePlugin(plugin: Plugin): void {
  describe(`the plugin "${plugin.name}"`, () => {
    test('is a plugin of this API', () => {
      expect(pluginFault(plugin)).toBeUndefined();
    });

    test('has no tool twice', () => {
      const names = plugin.tools.map(({ name }) => name);
      expect(names).toEqual([...new Set(names)]);
    });

    describe.each(plugin.tools.map((tool) => [tool.name, tool] as const))('%s', (_name, tool) => {
      test('is a tool of this API', () => {
        expect(toolFault(tool)).toBeUndefined();
      });

      test('describes every argument whose name does not say it', () => {
        const { properties = {} } = publicTool(tool).inputSchema as { properties?: Record<string, object> };
        const silent = Object.entries(properties).filter(
          ([name, schema]) =>
            !PLAIN.test(name) && !('description' in schema) && !JSON.stringify(schema).includes('"enum"'),
        );
        expect(silent.map(([name]) => name)).toEqual([]);
      });

      test('costs few tokens', () => {
        const { outputSchema: _, ...shown } = publicTool(tool);
        expect(tokensOf(JSON.stringify(shown))).toBeLessThanOrEqual(MOST_TOKENS);
      });

      test('reads with scopes that read', () => {
        if (tool.effect === 'read') for (const scope of tool.scopes) expect(scope).toMatch(/^(read:|access:)/);
      });
    });
  });
}
