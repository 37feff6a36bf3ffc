/** The suite's own server, on this host: its answers are in tables, and the host frames them as usual. */
import type { Answer } from '../../core/host/handlers/answering.js';
import type { Answers, answersOf } from '../../core/host/handlers/answers.js';
import { IMAGE, resource, TOOLS, text } from './tools.js';

type Json = Record<string, unknown>;

const CAPABILITIES = {
  tools: { listChanged: true },
  prompts: { listChanged: true },
  resources: { subscribe: true },
  logging: {},
  completions: {},
};

const message = (content: Json) => ({ role: 'user', content });
const argument = (name: string) => ({ name, description: name, required: true });

/** The prompts, by their names: their arguments, and their messages. */
const PROMPTS: Record<string, { arguments?: string[]; messages: (args: Record<string, string>) => Json[] }> = {
  test_simple_prompt: { messages: () => [message(text('This is a simple prompt for testing.'))] },
  test_prompt_with_arguments: {
    arguments: ['arg1', 'arg2'],
    messages: ({ arg1, arg2 }) => [message(text(`Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`))],
  },
  test_prompt_with_embedded_resource: {
    arguments: ['resourceUri'],
    messages: ({ resourceUri = '' }) => [
      message(resource(resourceUri, 'Embedded resource content for testing.')),
      message(text('Please process the embedded resource above.')),
    ],
  },
  test_prompt_with_image: { messages: () => [message(IMAGE), message(text('Please analyze the image above.'))] },
  test_input_required_result_prompt: { messages: () => [message(text('With its context.'))] },
};

const CONTEXT = {
  method: 'elicitation/create',
  params: {
    mode: 'form',
    message: 'What context should the prompt use?',
    requestedSchema: { type: 'object', properties: { context: { type: 'string' } }, required: ['context'] },
  },
};

const RESOURCES: Record<string, Json> = {
  'test://static-text': { mimeType: 'text/plain', text: 'This is the content of the static text resource.' },
  'test://static-binary': { mimeType: 'image/png', blob: IMAGE.data },
  'test://watched-resource': { mimeType: 'text/plain', text: 'Watched resource content' },
};
const TEMPLATE = /^test:\/\/template\/([^/]+)\/data$/;

const unknown = (what: string, data: Json) => Object.assign(new Error(`Unknown ${what}.`), { code: -32_602, data });

const METHODS: Record<string, Answer> = {
  'tools/list': async () => ({
    tools: [
      ...TOOLS.map(({ name, inputSchema }) => ({ name, inputSchema })),
      ...TRIGGERS.map((name) => ({ name })),
    ].map(({ name, inputSchema = { type: 'object', properties: {} } }: { name: string; inputSchema?: Json }) => ({
      ...{ name, inputSchema, description: `${name} of the suite` },
    })),
  }),
  'tools/call': async (params, client) => {
    if (TRIGGERS.includes(String(params.name))) {
      changed?.();
      return { content: [text('Changed.')] };
    }
    const tool = TOOLS.find(({ name }) => name === params.name);
    if (tool === undefined) throw unknown('tool', {});
    return tool.run({ args: (params.arguments ?? {}) as Json, params, client });
  },
  'prompts/list': async () => ({
    prompts: Object.entries(PROMPTS).map(([name, { arguments: blanks = [] }]) => ({
      ...{ name, description: `${name} of the suite`, arguments: blanks.map(argument) },
    })),
  }),
  'prompts/get': async (params, { round }) => {
    const name = String(params.name);
    const prompt = PROMPTS[name];
    if (prompt === undefined) throw unknown('prompt', {});
    if (name === 'test_input_required_result_prompt' && round?.responses?.user_context === undefined)
      return { resultType: 'input_required', inputRequests: { user_context: CONTEXT } };
    return { messages: prompt.messages((params.arguments ?? {}) as Record<string, string>) };
  },
  'completion/complete': async () => ({ completion: { values: ['paris', 'park', 'party'], total: 3, hasMore: false } }),
  'resources/list': async () => ({
    resources: Object.entries(RESOURCES).map(([uri, { mimeType }]) => ({ uri, mimeType, name: uri })),
  }),
  'resources/templates/list': async () => ({
    resourceTemplates: [{ uriTemplate: 'test://template/{id}/data', name: 'data', mimeType: 'application/json' }],
  }),
  'resources/read': async (params) => {
    const uri = String(params.uri);
    const [, id] = TEMPLATE.exec(uri) ?? [];
    const found =
      id === undefined
        ? RESOURCES[uri]
        : {
            mimeType: 'application/json',
            text: JSON.stringify({ id, templateTest: true, data: `Data for ID: ${id}` }),
          };
    if (found === undefined) throw unknown('resource', { uri });
    return { contents: [{ uri, ...found }] };
  },
  'resources/subscribe': async () => ({}),
  'resources/unsubscribe': async () => ({}),
};

/** Tools that only make the host report a change. */
const TRIGGERS = ['test_trigger_tool_change', 'test_trigger_prompt_change'];
let changed: (() => void) | undefined;

/** Called back when a tool of the suite says that other tools are on. */
export const onTrigger = (tell: () => void): (() => void) => {
  changed = tell;
  return () => undefined;
};

/** In place of a session's answers. */
export const suiteAnswers: typeof answersOf = () =>
  ({ capabilities: CAPABILITIES, methods: METHODS, onLate: () => undefined }) as unknown as Answers;
