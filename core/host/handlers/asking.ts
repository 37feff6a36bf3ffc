import type { Caller, Proposal, Question } from '../../session.js';

/** What a client says that it can do. */
export interface ClientCan {
  elicitation?: { form?: object | undefined; url?: object | undefined } | undefined;
}

/** Sends a request to the client, as a part of the one that is being answered. */
export type SendRequest = (
  request: { method: 'elicitation/create'; params: Form },
  options: { signal: AbortSignal; timeout: number },
) => Promise<unknown>;

/** What a call brings, in an era in which the answer to it may be a question to its client's person. */
export interface Round {
  /** What the client's person said to the questions before, by their names. */
  responses: Record<string, unknown> | undefined;
  /** What came with those questions, as the client brings it back. */
  state: string | undefined;
}

/** A form that wants nothing but the consent. */
interface Form {
  mode: 'form';
  message: string;
  requestedSchema: { type: 'object'; properties: Record<string, never> };
}

/** A form is what a client shows that says no more than that it can ask. */
export const canAsk = ({ elicitation }: ClientCan = {}): boolean =>
  elicitation !== undefined && (elicitation.form !== undefined || elicitation.url === undefined);

/** Longer than anybody is waited for: who asks ends the question by its signal. */
const NEVER_MS = 10 * 60_000;

/**
 * Has the client ask its person. To accept the form is a yes, and anything else is none. A client that can't do what it
 * said it can leaves the question unasked.
 */
export const asking =
  (send: SendRequest): NonNullable<Caller['confirm']> =>
  async (proposal, signal) => {
    try {
      const answer = await send(
        { method: 'elicitation/create', params: formOf(proposal) },
        { signal, timeout: NEVER_MS },
      );
      return saidOf(answer) ?? 'no';
    } catch (error) {
      if (UNABLE.includes((error as { code?: unknown }).code)) return 'unasked';
      throw error;
    }
  };

/** What a client answers that knows no such request after all, or takes no form of it: the codes of JSON-RPC. */
const UNABLE: readonly unknown[] = [-32_601, -32_602, -32_600];

/** The name of the one question that is asked between two calls. */
const QUESTION = 'confirm';

/** What a person said between two calls; nothing where nobody was asked yet, or what came back is no answer. */
export function between({ responses, state }: Round): NonNullable<Caller['between']> {
  const said = saidOf(responses?.[QUESTION]);
  return said === undefined || state === undefined ? {} : { answer: { state, said } };
}

/** The answer to a call that is a question. */
export const asked = ({ proposal, state }: Question) => ({
  resultType: 'input_required',
  inputRequests: { [QUESTION]: { method: 'elicitation/create', params: formOf(proposal) } },
  requestState: state,
});

function saidOf(answer: unknown): 'yes' | 'no' | undefined {
  const { action } = (answer ?? {}) as { action?: unknown };
  if (action === 'accept') return 'yes';
  return action === 'decline' || action === 'cancel' ? 'no' : undefined;
}

const formOf = (proposal: Proposal): Form => ({
  mode: 'form',
  message: messageOf(proposal),
  requestedSchema: { type: 'object', properties: {} },
});

/** The question as a person reads it: in words, and exactly what would be sent. */
function messageOf({ says, request, body }: Proposal): string {
  return `${says}\n\nExactly this is sent to Halo (${request}):\n${JSON.stringify(body, null, 2)}`;
}
