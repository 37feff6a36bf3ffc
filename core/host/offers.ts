import {
  CompleteRequestSchema,
  ErrorCode,
  GetPromptRequestSchema,
  ListPromptsRequestSchema,
  ListResourcesRequestSchema,
  ListResourceTemplatesRequestSchema,
  ReadResourceRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';
import type { Core } from '../core.js';
import type { Prompt } from '../define.js';
import { isHaloError } from '../errors.js';
import { fillIn, findPrompt, promptsOf } from '../prompts.js';
import { POLICY_URI, recordAt, recordsOf } from '../resources.js';
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
export function serveOffers(answer: Answering, ready: Promise<Core>): void {
  answer(ListPromptsRequestSchema, async () => ({
    prompts: promptsOf((await ready).catalog).map(shown),
  }));

  answer(GetPromptRequestSchema, async ({ params }) => {
    const { catalog } = await ready;
    return told(ErrorCode.InvalidParams, () => {
      const prompt = findPrompt(promptsOf(catalog), params.name);
      const text = fillIn(prompt, params.arguments);
      return {
        description: prompt.description,
        messages: [{ role: 'user' as const, content: { type: 'text' as const, text } }],
      };
    });
  });

  answer(CompleteRequestSchema, async ({ params: { ref, argument } }, { signal }) => {
    if (ref.type !== 'ref/prompt') return { completion: { values: [] } };
    return { completion: { ...(await (await ready).complete(ref.name, argument.name, argument.value, signal)) } };
  });

  answer(ListResourcesRequestSchema, () => ({ resources: [POLICY] }));

  answer(ListResourceTemplatesRequestSchema, async () => ({
    resourceTemplates: recordsOf((await ready).catalog).map((record) => ({ ...record, mimeType: 'text/plain' })),
  }));

  answer(ReadResourceRequestSchema, async ({ params: { uri } }, { signal }) => {
    const core = await ready;
    if (uri === POLICY_URI) return { contents: [{ uri, mimeType: POLICY.mimeType, text: await core.policy() }] };
    const { tool, id } = told(RESOURCE_NOT_FOUND, () => recordAt(uri, core.catalog));
    const result = await core.call(tool, { id }, { signal });
    const text = (result?.content ?? []).map((part) => (part.type === 'text' ? part.text : '')).join('\n');
    if (result === undefined || result.isError)
      throw new Told(text.startsWith('HALO_NOT_FOUND') ? RESOURCE_NOT_FOUND : ErrorCode.InternalError, text);
    return { contents: [{ uri, mimeType: 'text/plain', text }] };
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
