import { ERRORS } from '../errors.js';
import type { ToolCard } from './card.js';

/** Whether a tool is on, and where it is not: why, and what turns it on. */
export type Verdict = { on: true } | { on: false; why: Why; reason: string; fix: string };
export type Why = 'pack' | 'narrowed' | 'excluded' | 'read-only' | 'duplicate' | 'invalid' | 'session' | 'broken';

/** Why a tool is off and what turns it on, as one line. */
export const lineOf = (verdict: Extract<Verdict, { on: false }>): string =>
  `${verdict.reason}${/[.?!]$/.test(verdict.reason) ? '' : '.'} ${verdict.fix}`;

/** What one caller may use of what is on. It takes away, and never adds. */
export interface Narrowing {
  packs?: readonly string[] | undefined;
  tools?: readonly string[] | undefined;
}

/** What the operator decided, as far as single tools go, and what was decided for one caller. */
export interface Policy {
  exclude: readonly string[];
  narrow?: Narrowing | undefined;
}

/** Where a tool stands: its pack, and what is known of the pack. */
export interface Standing {
  pack: string;
  /** True where the config lists the pack. */
  listed: boolean;
  /** The config's `tools` for the pack: only these are kept. */
  only?: readonly string[] | undefined;
  /** What the config's entry of the pack allows to change Halo. */
  allowWrites?: readonly string[] | undefined;
  /** True where it also allows what a customer can see. */
  allowCustomerVisible?: boolean | undefined;
  /** The tool that has this name already, or one that looks like it. */
  taken?: { pack: string; name: string } | undefined;
  /** What is wrong with the definition. */
  fault?: string | undefined;
  /** True where the plugin failed too often beside its calls. Asked at a call; what is listed stays as it is. */
  broken?: boolean | undefined;
}

/**
 * The one verdict on a tool. It answers tools/list, tools/call, `halo-mcp tools --why`, the docs and the doctor alike,
 * so that what is listed and what can be called can't differ.
 */
export function decide(
  tool: Pick<ToolCard, 'name' | 'effect' | 'customerVisible'>,
  { pack, listed, only, allowWrites = [], allowCustomerVisible = false, taken, fault, broken }: Standing,
  policy: Policy,
): Verdict {
  const off = (why: Why, reason: string, fix: string): Verdict => ({ on: false, why, reason, fix });
  if (fault !== undefined) return off('invalid', fault, `Correct the definition in the plugin "${pack}".`);
  if (!listed) return off('pack', `the pack "${pack}" is off`, `Add "${pack}" to "plugins" in the config.`);
  if (taken !== undefined)
    return off(
      'duplicate',
      taken.name === tool.name
        ? `the plugin "${taken.pack}" has a tool of this name already, so that of "${pack}" is refused`
        : `the name looks like "${taken.name}" of the plugin "${taken.pack}", so the tool of "${pack}" is refused`,
      `Rename the tool in "${pack}", or take one of the two out of "plugins".`,
    );
  if (policy.exclude.includes(tool.name))
    return off('excluded', '"exclude" names it', `Take "${tool.name}" out of "exclude" in the config.`);
  if (only !== undefined && !only.includes(tool.name))
    return off(
      'narrowed',
      `the entry of "${pack}" keeps other tools only`,
      `Add "${tool.name}" to the "tools" of "${pack}" in the config.`,
    );
  if (tool.effect !== 'read' && !allowWrites.includes(tool.name))
    return off(
      // Where others of the pack are named, to leave this one out was a decision.
      allowWrites.length > 0 ? 'narrowed' : 'read-only',
      `it changes Halo, and the operator has ${allowWrites.length > 0 ? 'allowed others only' : 'not allowed that'}`,
      `Add "${tool.name}" to "allowWrites" in the entry of "${pack}" in the config.`,
    );
  if (tool.customerVisible && !allowCustomerVisible)
    return off(
      'read-only',
      'it makes what customers can see, and the operator has not allowed that',
      `Set "allowCustomerVisible" to true in the entry of "${pack}" in the config.`,
    );
  if (!isWithin(policy.narrow, pack, tool.name))
    return off('session', 'this session may not use it', 'Ask whoever runs this server to widen what you may use.');
  if (broken)
    return off('broken', `The plugin "${pack}" is off: it failed three times beside its calls`, ERRORS.PLUGIN_BROKEN);
  return { on: true };
}

const isWithin = ({ packs, tools }: Narrowing = {}, pack: string, tool: string): boolean =>
  (packs?.includes(pack) ?? true) && (tools?.includes(tool) ?? true);
