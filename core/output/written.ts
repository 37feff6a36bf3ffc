import { z } from 'zod';
import { untrusted } from './untrusted.js';

/**
 * What a write tool may answer, whatever its author returns: the preview of a change, that an equal one was already
 * made, or that it is done, with the tool's own fields.
 */
export const writtenOutput = (own: z.ZodObject): z.ZodObject =>
  z.object({
    id: z.int().optional(),
    ...own.partial().shape,
    ...WRITTEN,
  });

/** What the core says; fields of these names in an author's own output give way. */
const WRITTEN = {
  state: z.enum(['preview', 'done', 'already_done']),
  says: untrusted(z.string().describe('What would be done')).optional(),
  body: untrusted(z.array(z.looseObject({})))
    .optional()
    .describe('Exactly as it would be sent'),
  confirm: z.string().optional().describe('Given with the same arguments, does it'),
  expires: z.string().optional(),
  at: z.string().optional(),
  undo: z.string().optional(),
  found: z.literal(true).optional().describe('No answer came; Halo shows that it was made'),
  seen: z.array(z.string()).optional().describe('What is not as promised'),
  hint: z.string().optional(),
};

/** A tool's own answer without the core's fields. */
export const ownOf = (result: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(result).filter(([name]) => !(name in WRITTEN)));
