import { z } from 'zod';
import type { AnyTool, Tool, ToolContext } from './define.js';
import { HaloError } from './errors.js';

/** One change of Halo as it would be sent, and what it rests on. */
export interface Plan {
  /** Of the list that the record belongs to: `/Actions` */
  path: string;
  /** Exactly one record, in the array that Halo wants. The core adds what keeps Halo from sending e-mail. */
  body: readonly Readonly<Record<string, unknown>>[];
  /** What would be done, as a person reads it: `Add a private note to ticket 10311 (Server room move) of Northwind Traders.` */
  says: string;
  /** The state that the plan rests on. It is read again before anything is sent, and has to be the same. */
  before: Readonly<Record<string, unknown>>;
  /** How the change is taken back: `DELETE /Actions/{id}?ticket_id=10311`; `{id}` is that of the new record. */
  undo?: string | undefined;
}

/** What a tool that writes is made of beside its schemas. */
export interface Writing<I extends z.ZodObject, O extends z.ZodObject, Options = Record<string, unknown>> {
  /** Reads what it needs, and says what would be sent. It never sends anything itself. */
  plan(args: z.output<I>, context: ToolContext<Options>): Promise<Plan> | Plan;
  /**
   * What the caller reads when it is done.
   * @param reply the record that Halo answered with; empty where it said nothing
   */
  done(reply: Readonly<Record<string, unknown>>, plan: Plan): Promise<z.input<O>> | z.input<O>;
  /** What it does, after "can": `add private notes`. Part of the server's instructions; its title without it. */
  can?: string;
  /** True where a customer can see what it makes: the operator has to allow that, too. */
  customerVisible?: boolean;
}

/** A tool that writes as its author writes it. `destroy` is for what overwrites or takes away. */
export type WriteDefinition<I extends z.ZodObject, O extends z.ZodObject, Options = Record<string, unknown>> = Omit<
  Tool<I, O, Options>,
  'effect' | 'run' | 'write' | 'record' | 'source' | 'text' | 'whenCut'
> &
  Writing<I, O, Options> & { effect?: 'write' | 'destroy' };

/**
 * A tool that changes Halo. It plans; the core shows the plan, has it confirmed by a person or by the token of the
 * preview, sends it once, reads it back and keeps account of it.
 *
 * @example defineWrite({ name: 'page_on_call', scopes: ['edit:tickets'], …, plan: async (args, { halo }) => ({ path, body, says, before }), done: ({ id }) => ({ id }) })
 */
export function defineWrite<I extends z.ZodObject, O extends z.ZodObject, Options = Record<string, unknown>>({
  plan,
  done,
  can,
  customerVisible,
  effect = 'write',
  ...tool
}: WriteDefinition<I, O, Options>): Tool<I, O, Options> {
  const write = { plan, done, ...(can !== undefined && { can }), ...(customerVisible === true && { customerVisible }) };
  return { ...tool, effect, write, run: onlyTheCore(tool.name) };
}

/** A write has no other way than its plan. */
const onlyTheCore = (name: string) => async (): Promise<never> => {
  throw new HaloError('PLUGIN_WRITE_REFUSED', `${name} only plans: the server itself sends what was confirmed.`);
};

/** The argument by which a preview is confirmed. */
export const CONFIRM = 'confirm';

/** The arguments of a tool as a client sees them: one that writes takes the token of its preview, too. */
export const withConfirm = ({ input, write }: AnyTool): z.ZodObject =>
  write === undefined
    ? input
    : input.extend({
        [CONFIRM]: z
          .string()
          .min(1)
          .max(200)
          .optional()
          .describe('Token of the preview, once the person who asked agrees to it'),
      });
