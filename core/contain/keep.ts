import type { AnyTool, Plugin } from '../define.js';

/** A plugin as it was when it loaded. */
export interface Kept {
  kept: Plugin;
  /** True if the plugin has since changed its own object. */
  hasChanged(): boolean;
}

/**
 * Copies a plugin's definition. Later changes that the plugin makes to its own object have no effect: what was checked
 * and listed is what is called.
 */
export function keepPlugin(plugin: Plugin): Kept {
  const { tools, prompts } = plugin;
  const before = partsOf(plugin);
  return {
    kept: {
      ...plugin,
      tools: tools.map(keepTool),
      ...(prompts !== undefined && { prompts: structuredClone(prompts) }),
    },
    hasChanged: () => {
      const now = partsOf(plugin);
      return now.length !== before.length || now.some((part, index) => !Object.is(part, before[index]));
    },
  };
}

/** A tool that is no object, or lacks something, is kept as it is: its fault is found later. */
function keepTool(tool: AnyTool): AnyTool {
  if (typeof tool !== 'object' || tool === null) return tool;
  const { scopes, optionalScopes, run, text, write } = tool;
  return {
    ...tool,
    scopes: listOf(scopes),
    ...(optionalScopes !== undefined && { optionalScopes: listOf(optionalScopes) }),
    run: typeof run === 'function' ? (args, context) => run.call(tool, args, context) : run,
    ...(typeof write === 'object' && write !== null && { write: { ...write } }),
    ...(typeof text === 'function' && { text: (result, args) => text.call(tool, result, args) }),
  };
}

const listOf = <T>(list: readonly T[]): readonly T[] => (Array.isArray(list) ? [...list] : list);

/** Everything that makes up a definition, in one flat list. */
function partsOf({ name, title, instructions, tools }: Plugin): unknown[] {
  const ofTools = tools.flatMap((tool): unknown[] =>
    typeof tool === 'object' && tool !== null
      ? [
          ...[tool, tool.name, tool.title, tool.description, tool.effect, tool.input, tool.output, tool.run, tool.text],
          ...[tool.write?.plan, tool.write?.done, tool.write?.customerVisible],
          ...(Array.isArray(tool.scopes) ? tool.scopes : []),
          ...(Array.isArray(tool.optionalScopes) ? tool.optionalScopes : []),
        ]
      : [tool],
  );
  return [name, title, instructions, ...ofTools];
}
