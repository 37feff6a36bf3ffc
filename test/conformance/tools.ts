/** The tools that the conformance suite asks for, each with what it answers. */
import { createHmac, randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Asking } from '../../core/host/handlers/answering.js';

type Json = Record<string, unknown>;

/** What a tool of the suite is called with. */
export interface Asked {
  args: Json;
  params: Json;
  client: Asking;
}

export interface FixtureTool {
  name: string;
  inputSchema?: Json;
  run: (asked: Asked) => Promise<Json> | Json;
}

const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const WAV = 'UklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAAB9AAACABAAZGF0YQIAAAAAAA==';

export const IMAGE = { type: 'image', data: PNG, mimeType: 'image/png' };
const AUDIO = { type: 'audio', data: WAV, mimeType: 'audio/wav' };
export const text = (words: string) => ({ type: 'text', text: words });
export const resource = (uri: string, words: string, mimeType = 'text/plain') => ({
  type: 'resource',
  resource: { uri, mimeType, text: words },
});

const objectOf = (properties: Json, required = Object.keys(properties)) => ({ type: 'object', properties, required });
const content = (...parts: Json[]) => ({ content: parts });
const form = (message: string, requestedSchema: Json) => ({
  method: 'elicitation/create',
  params: { mode: 'form', message, requestedSchema },
});
const sampling = (words: string, maxTokens = 100) => ({
  method: 'sampling/createMessage',
  params: { messages: [{ role: 'user', content: text(words) }], maxTokens },
});
const ROOTS = { method: 'roots/list', params: {} };

/** Asks the client within the call, as the revisions up to 2025-11-25 do. */
const ask = async ({ client: { request, signal } }: Asked, asked: Json): Promise<Json> => {
  if (request === undefined) throw new Error('This era has no such requests.');
  return (await request(asked as never, { signal, timeout: 10_000 })) as Json;
};

/** Asks with a form, and reports what came back. */
const formTool = (name: string, properties: Json, message = 'Please fill this in.', required: string[] = []) => ({
  name,
  run: async (asked: Asked) => {
    const { action, content: filled } = await ask(asked, form(message, objectOf(properties, required)));
    return content(text(`Elicitation completed: action=${action}, content=${JSON.stringify(filled ?? {})}`));
  },
});

const inputRequired = (inputRequests: Json, requestState?: string) => ({
  resultType: 'input_required',
  inputRequests,
  ...(requestState !== undefined && { requestState }),
});

/** Asks between two calls until every question has a valid answer. */
const roundTool = (name: string, questions: Json, done: (responses: Record<string, Json>) => string): FixtureTool => ({
  name,
  run({ client: { round } }) {
    const responses = (round?.responses ?? {}) as Record<string, Json>;
    const isAnswered = ([key, { method }]: [string, { method: string }]) => {
      const answer = responses[key];
      if (answer === undefined || typeof answer !== 'object') return false;
      if (method === 'elicitation/create')
        return typeof answer.action === 'string' && typeof answer.content === 'object';
      return method === 'roots/list' ? Array.isArray(answer.roots) : answer.content !== undefined;
    };
    const all = Object.entries(questions) as [string, { method: string }][];
    if (!all.every(isAnswered))
      return inputRequired(questions, Object.keys(questions).length > 1 ? seal(name) : undefined);
    return content(text(done(responses)));
  },
});

const KEY = randomBytes(32);
const seal = (what: string) => `${what}.${createHmac('sha256', KEY).update(what).digest('base64url')}`;
/** @throws a protocol error for an altered state */
function unseal(state: string): string {
  const [what = ''] = state.split('.');
  if (state !== seal(what)) throw Object.assign(new Error('The state was altered.'), { code: -32_602 });
  return what;
}

const NAME = form('What is your name?', objectOf({ name: { type: 'string' } }));
const CONFIRM = { confirm: form('Please confirm', objectOf({ ok: { type: 'boolean' } })) };
const STEPS = [
  { step1: form('Step 1: What is your name?', objectOf({ name: { type: 'string' } })) },
  { step2: form('Step 2: What is your favorite color?', objectOf({ color: { type: 'string' } })) },
];

/** Asks once, with a state that must come back as it was given. */
const stateTool = (name: string): FixtureTool => ({
  name,
  run({ client: { round } }) {
    if (round?.state === undefined) return inputRequired(CONFIRM, seal(name));
    unseal(round.state);
    return content(text('state-ok'));
  },
});

const contentOf = (answer: Json | undefined, key: string) => String((answer?.content as Json | undefined)?.[key]);

const OPTIONS = ['option1', 'option2', 'option3'];
const titled = ['First', 'Second', 'Third'].map((title, index) => ({ const: `value${index + 1}`, title }));

const pause = () => delay(20);

export const TOOLS: FixtureTool[] = [
  { name: 'test_simple_text', run: () => content(text('This is a simple text response for testing.')) },
  { name: 'test_image_content', run: () => content(IMAGE) },
  { name: 'test_audio_content', run: () => content(AUDIO) },
  {
    name: 'test_embedded_resource',
    run: () => content(resource('test://embedded-resource', 'This is an embedded resource content.')),
  },
  {
    name: 'test_multiple_content_types',
    run: () =>
      content(
        text('Multiple content types test:'),
        IMAGE,
        resource('test://mixed-content-resource', '{"test":"data","value":123}', 'application/json'),
      ),
  },
  {
    name: 'test_tool_with_logging',
    async run({ client }) {
      for (const data of ['Tool execution started', 'Tool processing data', 'Tool execution completed']) {
        client.notify({ method: 'notifications/message', params: { level: 'info', data } });
        await pause();
      }
      return content(text('Tool with logging executed successfully'));
    },
  },
  {
    name: 'test_tool_with_progress',
    async run({ params, client }) {
      const { progressToken = 0 } = (params._meta ?? {}) as { progressToken?: string | number };
      for (const progress of [0, 50, 100]) {
        client.notify({ method: 'notifications/progress', params: { progressToken, progress, total: 100 } });
        await pause();
      }
      return content(text(String(progressToken)));
    },
  },
  {
    name: 'test_error_handling',
    run: () => ({ isError: true, ...content(text('This tool intentionally returns an error for testing')) }),
  },
  {
    name: 'test_sampling',
    inputSchema: objectOf({ prompt: { type: 'string' } }),
    run: async (asked) => {
      const answer = await ask(asked, sampling(String(asked.args.prompt)));
      return content(text(`LLM response: ${contentOf(answer, 'text')}`));
    },
  },
  {
    name: 'test_elicitation',
    inputSchema: objectOf({ message: { type: 'string' } }),
    run: (asked) => formTool('', { response: { type: 'string' } }, String(asked.args.message), ['response']).run(asked),
  },
  formTool('test_elicitation_sep1034_defaults', {
    name: { type: 'string', default: 'John Doe' },
    age: { type: 'integer', default: 30 },
    score: { type: 'number', default: 95.5 },
    status: { type: 'string', enum: ['active', 'inactive', 'pending'], default: 'active' },
    verified: { type: 'boolean', default: true },
  }),
  formTool('test_elicitation_sep1330_enums', {
    untitledSingle: { type: 'string', enum: OPTIONS },
    titledSingle: { type: 'string', oneOf: titled },
    legacyEnum: { type: 'string', enum: ['opt1', 'opt2', 'opt3'], enumNames: ['One', 'Two', 'Three'] },
    untitledMulti: { type: 'array', items: { type: 'string', enum: OPTIONS } },
    titledMulti: { type: 'array', items: { anyOf: titled } },
  }),
  {
    name: 'json_schema_2020_12_tool',
    inputSchema: {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      $defs: {
        address: {
          $anchor: 'addressDef',
          type: 'object',
          properties: { street: { type: 'string' }, city: { type: 'string' } },
        },
      },
      properties: {
        name: { type: 'string' },
        address: { $ref: '#/$defs/address' },
        contactMethod: { type: 'string', enum: ['phone', 'email'] },
        phone: { type: 'string' },
        email: { type: 'string' },
      },
      allOf: [{ anyOf: [{ required: ['phone'] }, { required: ['email'] }] }],
      if: { properties: { contactMethod: { const: 'phone' } }, required: ['contactMethod'] },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
      then: { required: ['phone'] },
      else: { required: ['email'] },
      additionalProperties: false,
    },
    run: () => content(text('ok')),
  },
  roundTool(
    'test_input_required_result_elicitation',
    { user_name: NAME },
    ({ user_name }) => `Hello, ${contentOf(user_name, 'name')}!`,
  ),
  roundTool('test_streaming_elicitation', { user_name: NAME }, () => 'done'),
  roundTool(
    'test_input_required_result_sampling',
    { capital_question: sampling('What is the capital of France?') },
    (all) => contentOf(all.capital_question, 'text'),
  ),
  roundTool('test_missing_capability', { question: sampling('Anything') }, () => 'done'),
  roundTool('test_input_required_result_list_roots', { client_roots: ROOTS }, ({ client_roots }) =>
    JSON.stringify(client_roots?.roots),
  ),
  roundTool(
    'test_input_required_result_multiple_inputs',
    { user_name: NAME, greeting: sampling('Generate a greeting', 50), client_roots: ROOTS },
    () => 'All are answered.',
  ),
  stateTool('test_input_required_result_request_state'),
  stateTool('test_input_required_result_tampered_state'),
  {
    name: 'test_input_required_result_multi_round',
    run({ client: { round } }) {
      const step = round?.state === undefined ? 0 : Number(unseal(round.state).slice('round'.length));
      const next = STEPS[step];
      return next === undefined ? content(text('Both are answered.')) : inputRequired(next, seal(`round${step + 1}`));
    },
  },
  {
    name: 'test_input_required_result_capabilities',
    run({ client: { client = {} } }) {
      const can = client as Json;
      return inputRequired({
        ...(can.elicitation !== undefined && { user_name: NAME }),
        ...(can.sampling !== undefined && { greeting: sampling('Generate a greeting') }),
        ...(can.roots !== undefined && { client_roots: ROOTS }),
      });
    },
  },
  { name: 'test_logging_tool', run: () => content(text('Nothing is logged unless it was asked for.')) },
];
