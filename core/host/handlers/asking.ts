import type { Caller, Proposal, Question } from '../../session.js';

/** What a client says it can do. */
export interface ClientCan {
  elicitation?: { form?: object | undefined; url?: object | undefined } | undefined;
}

/** Sends a request to the client as part of the one that is being answered. */
export type SendRequest = (
  request: { method: 'elicitation/create'; params: Form },
  options: { signal: AbortSignal; timeout: number },
) => Promise<unknown>;

/** What a call brings in an era in which its answer may be a question to the client's person. */
export interface Round {
  /** What the client's person answered to earlier questions, by their names. */
  responses: Record<string, unknown> | undefined;
  /** The state that came with those questions, as the client returns it. */
  state: string | undefined;
}

/** A form that asks only for consent. */
interface Form {
  mode: 'form';
  message: string;
  requestedSchema: { type: 'object'; properties: Record<string, never> };
}

/** A client that only says that it can ask is taken to show forms. */
export const canAsk = ({ elicitation }: ClientCan = {}): boolean =>
  elicitation !== undefined && (elicitation.form !== undefined || elicitation.url === undefined);

/** Longer than anybody waits: the asker ends the question by its signal. */
const NEVER_MS = 10 * 60_000;

/**
 * Has the client ask its person. Accepting the form means yes, anything else no. If the client answers with an error,
 * or nothing that can be read, the question counts as unasked.
 */
export const asking =
  (send: SendRequest): NonNullable<Caller['confirm']> =>
  async (proposal, signal) => {
    const question = untilAnswered(signal);
    try {
      const answer = await send(
        { method: 'elicitation/create', params: formOf(proposal) },
        { signal: question.signal, timeout: NEVER_MS },
      );
      return saidOf(answer) ?? 'no';
    } catch (error) {
      if (signal.aborted) throw error;
      return 'unasked';
    } finally {
      question.answered();
    }
  };

/** A signal that ends with this one, unless the question was answered: the libraries would cancel that one, too. */
function untilAnswered(signal: AbortSignal): { signal: AbortSignal; answered(): void } {
  const own = new AbortController();
  // The client gets the reason as text.
  const end = () => own.abort(signal.reason instanceof Error ? signal.reason.message : signal.reason);
  if (signal.aborted) end();
  signal.addEventListener('abort', end, { once: true });
  return { signal: own.signal, answered: () => signal.removeEventListener('abort', end) };
}

/** The name of the only question that is asked between two calls. */
const QUESTION = 'confirm';

/** What a person answered between two calls; empty if nobody was asked yet or the response is no answer. */
export function between({ responses, state }: Round): NonNullable<Caller['between']> {
  const said = saidOf(responses?.[QUESTION]);
  return said === undefined || state === undefined ? {} : { answer: { state, said } };
}

/** An answer to a call that is itself a question. */
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

/** The question as a person reads it: in words, with exactly what would be sent. */
function messageOf({ says, request, body }: Proposal): string {
  return `${says}\n\nExactly this is sent to Halo (${request}):\n${JSON.stringify(body, null, 2)}`;
}
