import {
  type ClientCapabilities,
  type ElicitRequest,
  type ElicitResult,
  ElicitResultSchema,
  ErrorCode,
  McpError,
} from '@modelcontextprotocol/sdk/types.js';
import type { Caller, Proposal } from '../../session.js';

/** A form is what a client shows that says no more than that it can ask. */
export const canAsk = ({ elicitation }: ClientCapabilities = {}): boolean =>
  elicitation !== undefined && (elicitation.form !== undefined || elicitation.url === undefined);

/** Longer than anybody is waited for: who asks ends the question by its signal. */
const NEVER_MS = 10 * 60_000;

/** Sends a request to the client, as a part of the one that is being answered. */
type SendRequest = (
  request: ElicitRequest,
  schema: typeof ElicitResultSchema,
  options: { signal: AbortSignal; timeout: number },
) => Promise<ElicitResult>;

/**
 * Has the client ask its person. The form wants nothing but the consent: to accept it is a yes, and anything else is
 * none. A client that can't do what it said it can leaves the question unasked.
 */
export const asking =
  (send: SendRequest): NonNullable<Caller['confirm']> =>
  async (proposal, signal) => {
    const requestedSchema = { type: 'object' as const, properties: {} };
    const params = { mode: 'form' as const, message: messageOf(proposal), requestedSchema };
    try {
      const { action } = await send({ method: 'elicitation/create', params }, ElicitResultSchema, {
        signal,
        timeout: NEVER_MS,
      });
      return action === 'accept' ? 'yes' : 'no';
    } catch (error) {
      if (error instanceof McpError && UNABLE.includes(error.code)) return 'unasked';
      throw error;
    }
  };

/** What a client answers that does not know such a request after all, or takes no form of it. */
const UNABLE: readonly number[] = [ErrorCode.MethodNotFound, ErrorCode.InvalidParams, ErrorCode.InvalidRequest];

/** The question as a person reads it: in words, and exactly what would be sent. */
function messageOf({ says, request, body }: Proposal): string {
  return `${says}\n\nExactly this is sent to Halo (${request}):\n${JSON.stringify(body, null, 2)}`;
}
