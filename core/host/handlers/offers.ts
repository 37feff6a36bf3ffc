import {
  CompleteRequestSchema,
  ErrorCode,
  GetPromptRequestSchema,
  ListPromptsRequestSchema,
  ListResourcesRequestSchema,
  ListResourceTemplatesRequestSchema,
  ReadResourceRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { POLICY_URI } from '../../call/resources.js';
import type { Prompt } from '../../define.js';
import { isHaloError } from '../../errors.js';
import type { Session } from '../../session.js';
import { type Answering, Told } from './answering.js';

/** What the server offers beside its tools. */
export const OFFERS = { prompts: {}, resources: {}, completions: {} };

/** MCP's code for a resource that is not there. */
const RESOURCE_NOT_FOUND = -32002;

const POLICY = {
  uri: POLICY_URI,
  name: 'policy',
  title: 'What is on, what is off and why',
  description: 'The tools of this server, on or off, each with its reason, and the Halo scopes in use.',
  mimeType: 'application/json',
};

/** Prompts, their completions, and resources: all derived from the packs that are on. */
export function serveOffers(answer: Answering, ready: Promise<Session>): void {
  answer(ListPromptsRequestSchema, async () => ({ prompts: (await ready).prompts().map(shown) }));

  answer(GetPromptRequestSchema, async ({ params }) => {
    const session = await ready;
    return told(ErrorCode.InvalidParams, () => {
      const { description, text } = session.prompt(params.name, params.arguments);
      return { description, messages: [{ role: 'user' as const, content: { type: 'text' as const, text } }] };
    });
  });

  answer(CompleteRequestSchema, async ({ params: { ref, argument, context } }, { signal }) => {
    if (ref.type !== 'ref/prompt') return { completion: { values: [] } };
    const session = await ready;
    const found = await session.complete(ref.name, argument.name, argument.value, { signal }, context?.arguments);
    return { completion: { ...found } };
  });

  answer(ListResourcesRequestSchema, () => ({ resources: [POLICY] }));

  answer(ListResourceTemplatesRequestSchema, async () => ({
    resourceTemplates: (await ready).records().map((record) => ({ ...record, mimeType: 'text/plain' })),
  }));

  answer(ReadResourceRequestSchema, async ({ params: { uri } }, { signal }) => {
    const { code, mimeType, text } = await (await ready).read(uri, { signal });
    if (code !== undefined)
      throw new Told(code === 'HALO_NOT_FOUND' ? RESOURCE_NOT_FOUND : ErrorCode.InternalError, text);
    return { contents: [{ uri, mimeType, text }] };
  });
}

const shown = ({ name, title, description, arguments: blanks = {} }: Prompt) => ({
  name,
  title,
  description,
  arguments: Object.entries(blanks).map(([key, blank]) => ({
    name: key,
    description: blank.description,
    required: blank.otherwise === undefined,
  })),
});

/** Our own errors under a code of the protocol. */
function told<T>(code: number, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw isHaloError(error) ? new Told(code, error.words) : error;
  }
}
