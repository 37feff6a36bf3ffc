import { ERRORS } from '../errors.js';
import type { Scope } from '../halo/scopes.js';
import { sentence } from '../sentence.js';
import type { ToolCard } from './card.js';

/** Whether a tool is on; if not, why, and what turns it on. */
export type Verdict = { on: true } | Off;
type Off = { on: false; why: Why; reason: string; fix: string };
export type Why = 'pack' | 'narrowed' | 'excluded' | 'read-only' | 'duplicate' | 'invalid' | 'session' | 'broken';

/** Why a tool is off and what turns it on, as one line. */
export const lineOf = (verdict: Off): string => `${sentence(verdict.reason)} ${verdict.fix}`;

/** What one caller may use of the tools that are on. It only takes away. */
export interface Narrowing {
  packs?: readonly string[] | undefined;
  tools?: readonly string[] | undefined;
}

/** What the operator decided about single tools, and what was decided for one caller. */
export interface Policy {
  exclude: readonly string[];
  /** The scopes that the token asks for besides those that the tools need. */
  scopes?: readonly Scope[];
  narrow?: Narrowing | undefined;
}

/** What is known of a tool's pack. */
export interface Standing {
  pack: string;
  /** True if the config lists the pack. */
  listed: boolean;
  /** The config's `tools` for the pack: only these are kept. */
  only?: readonly string[] | undefined;
  /** The tools that the pack's config entry allows to change Halo. */
  allowWrites?: readonly string[] | undefined;
  /** True if it also allows what a customer can see. */
  allowCustomerVisible?: boolean | undefined;
  /** The tool that already has this name, or one that looks like it. */
  taken?: { pack: string; name: string } | undefined;
  /** What is wrong with the definition. */
  fault?: string | undefined;
  /** True if the plugin failed too often outside its calls. Checked at each call; the listing does not change. */
  broken?: boolean | undefined;
}

/**
 * The one verdict on a tool. tools/list, tools/call, `halo-mcp tools --why`, the docs and the doctor all use it, so
 * what is listed and what can be called can't differ.
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
      // If other tools of the pack are named, leaving this one out was a decision.
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
    return off('broken', `The plugin "${pack}" is off: it failed three times outside its calls`, ERRORS.PLUGIN_BROKEN);
  return { on: true };
}

const isWithin = ({ packs, tools }: Narrowing = {}, pack: string, tool: string): boolean =>
  (packs?.includes(pack) ?? true) && (tools?.includes(tool) ?? true);
