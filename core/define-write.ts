import { z } from 'zod';
import type { AnyTool, Tool } from './define.js';
import { HaloError } from './errors.js';
import type { Writing } from './writing.js';

export type { Plan, Writing } from './writing.js';

/** A write tool as its author writes it. `destroy` is for one that overwrites or removes something. */
export type WriteDefinition<I extends z.ZodObject, O extends z.ZodObject, Options = Record<string, unknown>> = Omit<
  Tool<I, O, Options>,
  'effect' | 'run' | 'write' | 'record' | 'source' | 'text' | 'whenCut' | 'oldestFirst'
> &
  Writing<I, O, Options> & { effect?: 'write' | 'destroy' };

/**
 * A tool that changes Halo. It plans; the core shows the plan, has it confirmed by a person or by the preview's token,
 * sends it once, reads it back and records it.
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

/** A write can only go through its plan. */
const onlyTheCore = (name: string) => async (): Promise<never> => {
  throw new HaloError('PLUGIN_WRITE_REFUSED', `${name} only plans: the server itself sends what was confirmed.`);
};

/** The argument that confirms a preview. */
export const CONFIRM = 'confirm';

/** A tool's arguments as a client sees them: a write tool also takes the token of its preview. */
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
