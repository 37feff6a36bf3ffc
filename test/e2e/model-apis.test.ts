/** The tool definitions on their way to the models' APIs, through the libraries that people use. */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Tool } from '@modelcontextprotocol/sdk/types.js';
import type { MCPServer } from '@openai/agents';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bundled } from '../../cli/packs.js';
import { openInside } from '../inside.js';
import { insideOf, refusedBySome } from '../model-schema.js';
import { namedConfig, type Session } from '../session.js';

type Json = Record<string, unknown>;

/** One request as received. */
type Request = { path: string; body: Json };

/** Stands in for a model's API: records requests, and answers with these, repeating the last one. */
async function startApi(answers: readonly Json[]) {
  const requests: Request[] = [];
  const server = createServer(async (request, response) => {
    const answer = answers[Math.min(requests.length, answers.length - 1)];
    requests.push({ path: request.url ?? '', body: JSON.parse(await textOf(request)) as Json });
    response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, requests, close: () => new Promise((done) => server.close(done)) };
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text;
}

const GEMINI_TEXT = {
  candidates: [{ content: { role: 'model', parts: [{ text: 'Done.' }] }, finishReason: 'STOP', index: 0 }],
  usageMetadata: { promptTokenCount: 1, candidatesTokenCount: 1, totalTokenCount: 2 },
};

const MODEL = 'gemini-2.5-flash';
const apiKey = 'no-key';

let session: Session;
let tools: Tool[] = [];

/** The declarations that came to Gemini's API. */
const declared = ({ body }: Request) =>
  (
    body.tools as { functionDeclarations: { name: string; parameters?: Json; parametersJsonSchema?: Json }[] }[]
  ).flatMap(({ functionDeclarations }) => functionDeclarations);

/** The fields of Gemini's own schema. */
const GEMINI = new Set([
  ...['type', 'format', 'title', 'description', 'nullable', 'enum', 'maxItems', 'minItems', 'properties', 'required'],
  ...['minProperties', 'maxProperties', 'minimum', 'maximum', 'minLength', 'maxLength', 'pattern', 'example', 'anyOf'],
  ...['propertyOrdering', 'default', 'items'],
]);

/** What Gemini would refuse in a schema of its own format. */
function refusedByGemini(schema: Json, place = '#'): string[] {
  const { type, items, anyOf, enum: choices } = schema;
  const kind = String(type).toUpperCase();
  const own = [
    ...Object.keys(schema).filter((key) => !GEMINI.has(key)),
    ...(anyOf === undefined && !['STRING', 'INTEGER', 'NUMBER', 'BOOLEAN', 'ARRAY', 'OBJECT'].includes(kind)
      ? [kind]
      : []),
    ...(choices !== undefined && kind !== 'STRING' ? ['choices'] : []),
    ...(kind === 'ARRAY' && items === undefined ? ['no items'] : []),
  ].map((fault) => `${place}: ${fault}`);
  return [...own, ...insideOf(schema).flatMap(([name, inner]) => refusedByGemini(inner, `${place}/${name}`))];
}

/** The content of a schema in any format: kinds, choices, names, and what is required. */
function meaning(schema: Json): unknown {
  const { type, items, properties, anyOf, enum: choices, required } = schema;
  return {
    ...(type !== undefined && { type: String(type).toLowerCase() }),
    ...(choices !== undefined && { choices }),
    ...(items !== undefined && { items: meaning(items as Json) }),
    ...(anyOf !== undefined && { anyOf: (anyOf as Json[]).map(meaning) }),
    ...(properties !== undefined && {
      properties: Object.fromEntries(
        Object.entries(properties as Record<string, Json>).map(([name, inner]) => [name, meaning(inner)]),
      ),
      needed: required ?? [],
    }),
  };
}

function expectAll(arrived: readonly { name: string; schema: Json | undefined }[]): void {
  expect(arrived.map(({ name }) => name)).toEqual(tools.map(({ name }) => name));
  for (const [at, { inputSchema, name }] of tools.entries())
    expect([name, meaning(arrived[at]?.schema ?? {})]).toEqual([name, meaning(inputSchema)]);
}

// The libraries are large, so only the long suite loads them.
describe.runIf(process.env.MODEL_APIS)('what arrives at the API of a model', () => {
  beforeAll(async () => {
    session = await openInside({ env: namedConfig({ plugins: Object.keys(bundled) }) });
    ({ tools } = await session.client.listTools());
  });
  afterAll(() => session.close());

  test('through @google/genai, which passes the definitions on', async () => {
    const { GoogleGenAI, mcpToTool } = await import('@google/genai');
    const api = await startApi([GEMINI_TEXT]);
    const models = new GoogleGenAI({ apiKey, httpOptions: { baseUrl: api.url } }).models;
    const config = { tools: [mcpToTool(session.client as never)] };
    await models.generateContent({ model: MODEL, contents: 'Open tickets?', config });
    const arrived = declared(api.requests[0] as Request);
    expectAll(arrived.map(({ name, parametersJsonSchema }) => ({ name, schema: parametersJsonSchema })));
    for (const { parametersJsonSchema } of arrived) expect(refusedBySome(parametersJsonSchema as Json)).toEqual([]);
    await api.close();
  });

  test("through @langchain/google-genai, which turns them into Gemini's own", async () => {
    const { tool: langchainTool } = await import('@langchain/core/tools');
    const { ChatGoogleGenerativeAI } = await import('@langchain/google-genai');
    const api = await startApi([GEMINI_TEXT]);
    const model = new ChatGoogleGenerativeAI({ model: MODEL, apiKey, baseUrl: api.url });
    const bound = tools.map(({ name, description = '', inputSchema }) =>
      langchainTool(async () => '', { name, description, schema: inputSchema as never }),
    );
    await model.bindTools(bound).invoke('Open tickets?');
    const arrived = declared(api.requests[0] as Request);
    expectAll(arrived.map(({ name, parameters }) => ({ name, schema: parameters })));
    for (const { parameters } of arrived) expect(refusedByGemini(parameters as Json)).toEqual([]);
    await api.close();
  });

  test("through @ai-sdk/google, which turns them into Gemini's own", async () => {
    const { createGoogleGenerativeAI } = await import('@ai-sdk/google');
    const api = await startApi([GEMINI_TEXT]);
    const model = createGoogleGenerativeAI({ apiKey, baseURL: `${api.url}/v1beta` })(MODEL);
    await model.doGenerate({
      prompt: [{ role: 'user', content: [{ type: 'text', text: 'Open tickets?' }] }],
      tools: tools.map(({ name, description = '', inputSchema }) => ({
        ...{ type: 'function' as const, name, description },
        inputSchema: inputSchema as never,
      })),
    });
    const arrived = declared(api.requests[0] as Request);
    expectAll(arrived.map(({ name, parameters }) => ({ name, schema: parameters })));
    for (const { parameters } of arrived) expect(refusedByGemini(parameters as Json)).toEqual([]);
    await api.close();
  });

  test.each([false, true])(
    'through @openai/agents, strict: %s; a call with null for all is answered',
    async (strict) => {
      const { Agent, OpenAIProvider, Runner } = await import('@openai/agents');
      const [first] = tools.filter(({ name }) => name === 'list_tickets');
      const nulls = Object.fromEntries(Object.keys(first?.inputSchema.properties ?? {}).map((name) => [name, null]));
      const api = await startApi([calling('list_tickets', nulls), SAYING]);
      const provider = new OpenAIProvider({ apiKey, baseURL: api.url, useResponses: false });
      const agent = new Agent({
        ...{ name: 'Desk', instructions: 'Answer.', model: 'gpt-4.1', mcpServers: [serverOf(session)] },
        mcpConfig: { convertSchemasToStrict: strict },
      });
      const { finalOutput } = await new Runner({ modelProvider: provider, tracingDisabled: true }).run(
        agent,
        'Open tickets?',
      );
      expect(finalOutput).toBe('Done.');
      const asked = api.requests[0]?.body.tools as { function: { name: string; parameters: Json } }[];
      const arrived = asked.map((one) => one.function);
      expect(arrived.map(({ name }) => name)).toEqual(tools.map(({ name }) => name));
      if (strict) for (const { name, parameters } of arrived) expect([name, notStrict(parameters)]).toEqual([name, []]);
      else expectAll(arrived.map(({ name, parameters }) => ({ name, schema: parameters })));
      const messages = api.requests[1]?.body.messages as { role: string; content: unknown }[];
      expect(JSON.stringify(messages.find(({ role }) => role === 'tool')?.content)).toMatch(
        /\d+ of \d+ tickets, page 1/,
      );
      await api.close();
    },
  );
});

/** An answer of OpenAI's API that calls a tool. */
const calling = (name: string, args: Json) => ({
  ...{ id: 'c1', object: 'chat.completion', created: 1, model: 'gpt-4.1' },
  choices: [
    {
      ...{ index: 0, finish_reason: 'tool_calls' },
      message: {
        ...{ role: 'assistant', content: null },
        tool_calls: [{ id: 't1', type: 'function', function: { name, arguments: JSON.stringify(args) } }],
      },
    },
  ],
  usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
});

/** An answer of OpenAI's API that ends the conversation. */
const SAYING = {
  ...{ id: 'c2', object: 'chat.completion', created: 1, model: 'gpt-4.1' },
  choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'Done.' } }],
  usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
};

/** The session as the agents' library expects a tool server. */
const serverOf = ({ client }: Session): MCPServer => ({
  ...{ name: 'halo', cacheToolsList: false, connect: async () => {}, close: async () => {} },
  invalidateToolsCache: async () => {},
  listTools: async () => (await client.listTools()).tools as never,
  callTool: async (name, args) => (await client.callTool({ name, arguments: args ?? {} })).content as never,
});

/** What strict mode would refuse: open objects, and optional properties. */
function notStrict(schema: Json, place = '#'): string[] {
  const { properties, required = [], additionalProperties } = schema;
  const names = Object.keys((properties ?? {}) as Json);
  const own = [
    ...(properties !== undefined && additionalProperties !== false ? [`${place} is open`] : []),
    ...names.filter((name) => !(required as string[]).includes(name)).map((name) => `${place}/${name} may be left out`),
  ];
  return [...own, ...insideOf(schema).flatMap(([name, one]) => notStrict(one, `${place}/${name}`))];
}
