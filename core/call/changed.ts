import { HaloError } from '../errors.js';
import { outcomeUnknown, type Posted } from '../halo/outcome.js';
import { ours } from '../output/fault.js';
import type { PublicTool } from '../output/schema.js';

/** True where all that the call asked of Halo was done, so that only its answer failed. */
export const wasMade = (posted: readonly Posted[]): boolean =>
  posted.length > 0 && posted.every(({ outcome }) => outcome === 'made');

/** What a failed call may say: once something may have reached Halo, no error asks to call again. */
export function afterPosts(thrown: unknown, posted: readonly Posted[]): unknown {
  if (posted.length === 0 || ours(thrown)?.code === 'HALO_OUTCOME_UNKNOWN') return thrown;
  if (posted.some(({ outcome }) => outcome === 'sent' || outcome === 'unknown')) return outcomeUnknown(thrown);
  const made = posted.filter(({ outcome }) => outcome === 'made');
  if (made.length === 0 || wasMade(posted)) return thrown;
  return new HaloError(
    'HALO_OUTCOME_UNKNOWN',
    `A part of the change was made (${listOf(made)}), and the rest was not.`,
    {
      cause: thrown,
    },
  );
}

/** The answer of a call whose change was made and whose own answer can't be shown: a success that says so. */
export function madeAnswer(shown: PublicTool | undefined, posted: readonly Posted[], why: string) {
  const text = `The change was made in Halo (${listOf(posted)}), but the tool's answer can't be shown (${why}). Read the record; don't make the change again.`;
  const { hint } = (shown?.outputSchema.properties ?? {}) as { hint?: object };
  return {
    content: [{ type: 'text' as const, text }],
    // The public schema of a tool that writes asks for no field, so that this matches it.
    structuredContent: JSON.stringify(hint) === '{"type":"string"}' ? { hint: text } : {},
  };
}

/** `POST /Tickets, id 12; POST /Actions` */
const listOf = (posted: readonly Posted[]): string =>
  posted.map(({ path, id }) => `POST ${path}${id === undefined ? '' : `, id ${id}`}`).join('; ');
