import type { Effect, HarmlessReads, Plugin, Prompt, Source } from '../define.js';
import type { Scope } from '../halo/scopes.js';
import { type PublicTool, publicTool } from '../output/schema.js';
import { toolFault } from './validate.js';

/** The plain-data part of where a tool gets its rows. */
export type SourceCard = Pick<Source, 'kind' | 'path' | 'key' | 'paged' | 'also'>;

/** A tool without its code: all that verdicts, listing and docs need. */
export interface ToolCard {
  name: string;
  effect: Effect;
  scopes: readonly Scope[];
  optionalScopes: readonly Scope[];
  record?: string;
  /** For a write tool: what it does, after "can". */
  can?: string;
  /** For a write tool: true if a customer can see what it makes. */
  customerVisible?: true;
  /** For a tool that was made from a description. */
  source?: SourceCard;
  /** As a client sees it; undefined if the definition is faulty. */
  shown?: PublicTool;
  /** What is wrong with the definition, in words for its author. */
  fault?: string;
}

/** A plugin without its code. The bundled packs' cards are made at build, so that listing loads none of them. */
export interface PluginCard {
  name: string;
  description?: string;
  instructions?: string;
  tools: ToolCard[];
  prompts?: readonly Prompt[];
  reads?: HarmlessReads;
  /** Its options if the config gives none. */
  options?: Record<string, unknown>;
}

/** A tool that reads gets no more than read scopes, whatever it asks for. */
const toRead = (scopes: readonly Scope[]): Scope[] => [
  ...new Set(scopes.map((scope) => scope.replace(/^edit(Mine)?:/, 'read:') as Scope)),
];

const sourceCard = ({ kind, path, key, paged, also }: Source): SourceCard => ({
  ...{ kind, path, also },
  ...(key !== undefined && { key }),
  ...(paged !== undefined && { paged }),
});

/** `Page on call` → `page on call`, for use within a sentence. */
const lowered = (title: string) => title.charAt(0).toLowerCase() + title.slice(1);

/** The card of a loaded plugin. */
export function cardOf({ name, description, instructions, tools, prompts, options, reads }: Plugin): PluginCard {
  return {
    name,
    ...(description !== undefined && { description }),
    ...(instructions !== undefined && { instructions }),
    ...(prompts !== undefined && { prompts }),
    ...(reads !== undefined && { reads }),
    ...(options !== undefined && { options: options.safeParse({}).data ?? {} }),
    tools: tools.map((tool): ToolCard => {
      const fault = toolFault(tool);
      if (fault !== undefined)
        return { name: String(tool?.name).slice(0, 64), effect: 'read', scopes: [], optionalScopes: [], fault };
      const { name: own, effect, scopes, optionalScopes = [], record, source, write } = tool;
      const needed = (some: readonly Scope[]) => (effect === 'read' ? toRead(some) : [...some]);
      return {
        ...{ name: own, effect, scopes: needed(scopes), optionalScopes: needed(optionalScopes) },
        ...(record !== undefined && { record }),
        ...(write !== undefined && { can: write.can ?? lowered(tool.title) }),
        ...(write?.customerVisible === true && { customerVisible: true }),
        ...(source !== undefined && { source: sourceCard(source) }),
        shown: publicTool(tool),
      };
    }),
  };
}
