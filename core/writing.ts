import type { z } from 'zod';
import type { ToolContext } from './context.js';

/** One change of Halo as it would be sent, and the state it rests on. */
export interface Plan {
  /** The path of the list that the record belongs to: `/Actions` */
  path: string;
  /** Exactly one record, in the array that Halo expects. The core adds what keeps Halo from sending e-mail. */
  body: readonly Readonly<Record<string, unknown>>[];
  /** What would be done, in words: `Add a private note to ticket 10311 (Server room move) of Northwind Traders.` */
  says: string;
  /** The state that the plan rests on. It is read again before anything is sent, and must not have changed. */
  before: Readonly<Record<string, unknown>>;
  /** How to take the change back: `DELETE /Actions/{id}?ticket_id=10311`; `{id}` stands for the new record's id. */
  undo?: string | undefined;
}

/** What a write tool consists of besides its schemas. */
export interface Writing<I extends z.ZodObject, O extends z.ZodObject, Options = Record<string, unknown>> {
  /** Reads what it needs, and returns what would be sent. It never sends anything itself. */
  plan(args: z.output<I>, context: ToolContext<Options>): Promise<Plan> | Plan;
  /**
   * What the caller reads afterwards.
   * @param reply the record in Halo's answer; empty if it named none
   */
  done(reply: Readonly<Record<string, unknown>>, plan: Plan): Promise<z.input<O>> | z.input<O>;
  /** What it does, after "can": `add private notes`. Part of the server's instructions; by default its title. */
  can?: string;
  /** True if a customer can see what it makes: the operator has to allow that separately. */
  customerVisible?: boolean;
}
