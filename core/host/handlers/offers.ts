import { POLICY_URI } from '../../call/resources.js';
import type { Prompt } from '../../define.js';
import { isHaloError } from '../../errors.js';
import type { Blanks, Session } from '../../session.js';
import { type Answer, Told } from './answering.js';
import { INTERNAL_ERROR, INVALID_PARAMS, NO_RESOURCE } from './codes.js';

/** What the server offers besides its tools. */
export const OFFERS = { prompts: {}, resources: {}, completions: {} };

/** What a client is told of a record that can't be read: that it is not there, or that its address is none. */
const CODES: Readonly<Record<string, number>> = { HALO_NOT_FOUND: NO_RESOURCE, BAD_ARGUMENTS: INVALID_PARAMS };

const POLICY = {
  uri: POLICY_URI,
  name: 'policy',
  title: 'What is on, what is off and why',
  description: 'The tools of this server, on or off, each with its reason, and the Halo scopes in use.',
  mimeType: 'application/json',
};

/** Prompts, their completions, and resources, by method; all are derived from the packs that are on. */
export const offersOf = (ready: Promise<Session>) =>
  ({
    'prompts/list': async () => ({ prompts: (await ready).prompts().map(shown) }),

    'prompts/get': async (params) => {
      const session = await ready;
      return told(INVALID_PARAMS, () => {
        const { description, text } = session.prompt(String(params.name), params.arguments as Blanks | undefined);
        return { description, messages: [{ role: 'user', content: { type: 'text', text } }] };
      });
    },

    'completion/complete': async (params, { signal }) => {
      const { ref, argument, context } = params as unknown as Completing;
      if (ref.type !== 'ref/prompt') return { completion: { values: [] } };
      const session = await ready;
      const found = await session.complete(ref.name, argument.name, argument.value, { signal }, context?.arguments);
      return { completion: { ...found } };
    },

    'resources/list': async () => ({ resources: [POLICY] }),

    'resources/templates/list': async () => ({
      resourceTemplates: (await ready).records().map((record) => ({ ...record, mimeType: 'text/plain' })),
    }),

    'resources/read': async (params, { signal }) => {
      const uri = String(params.uri);
      const { code, mimeType, text } = await (await ready).read(uri, { signal });
      if (code !== undefined) throw new Told(CODES[code] ?? INTERNAL_ERROR, text);
      return { contents: [{ uri, mimeType, text }] };
    },
  }) satisfies Record<string, Answer>;

interface Completing {
  ref: { type: string; name: string };
  argument: { name: string; value: string };
  context?: { arguments?: Blanks };
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

/** Rethrows our own errors under a code of the protocol. */
function told<T>(code: number, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw isHaloError(error) ? new Told(code, error.words) : error;
  }
}
