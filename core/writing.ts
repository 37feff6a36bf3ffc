import type { z } from 'zod';
import type { ToolContext } from './context.js';

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
