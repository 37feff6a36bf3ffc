import { z } from 'zod';
import { ConfigError } from '../config-error.js';
import type { Plugin } from '../define.js';
import { explain } from '../explain.js';
import { secretColumn } from '../make/chosen.js';
import type { IsSecret } from '../make/fields.js';

type Options = Record<string, unknown>;

/**
 * A plugin configured with the options of its config entry, and those options as its schema reads them.
 * @param at where they are in the config: `['plugins', 1, 'options']`
 * @param place the config's file
 * @param isSecret the names that no column may have
 * @throws ConfigError that names the entry
 */
export function withOptions(
  plugin: Plugin,
  given: Options,
  at: PropertyKey[],
  place: string,
  isSecret: IsSecret,
): { plugin: Plugin; options: Options } {
  if (plugin.options === undefined) return { plugin, options: given };
  const schema = plugin.options.strict();
  const { data: options, error } = schema.safeParse(given);
  if (options === undefined) throw new ConfigError(explain(error, given, place, { schema, at }));
  const secret = secretColumn(schema, options, isSecret);
  if (secret !== undefined) throw new ConfigError(explain(new z.ZodError([secret]), given, place, { schema, at }));
  const tools = plugin.configure?.(options) ?? plugin.tools;
  return { plugin: { ...plugin, tools }, options };
}
