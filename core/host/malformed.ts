const PARSE_ERROR = -32_700;
const INVALID_REQUEST = -32_600;
const INVALID_PARAMS = -32_602;

/** What is answered to a line that goes no further: an error of the protocol, or of the tool that it calls. */
export interface Refusal {
  id: string | number | null;
  error?: { code: number; message: string };
  result?: { isError: true; content: { type: 'text'; text: string }[] };
}

/** A line as one JSON-RPC message, or how it is refused: the protocol's library would stay silent, or dump its schema. */
export function readMessage(line: string): { message: object } | Refusal {
  const parsed = parse(line);
  if (parsed === undefined) return refused(PARSE_ERROR, 'The line is no JSON.');
  const { value } = parsed;
  if (Array.isArray(value)) return refused(INVALID_REQUEST, 'Batches are not supported; send one message a line.');
  if (typeof value !== 'object' || value === null) return refused(INVALID_REQUEST, 'The line is no JSON-RPC message.');
  const { jsonrpc, id, method, params } = value as Record<string, unknown>;
  if (jsonrpc !== '2.0') return refused(INVALID_REQUEST, '"jsonrpc" must be "2.0".');
  if (id !== undefined && !isId(id)) return refused(INVALID_REQUEST, '"id" must be a string or an integer.');
  if (typeof method === 'string') {
    const call = method === 'tools/call' && id !== undefined ? refusedCall(id, params) : undefined;
    return call ?? { message: value };
  }
  const isAnswer = method === undefined && id !== undefined && ('result' in value || 'error' in value);
  return isAnswer ? { message: value } : refused(INVALID_REQUEST, '"method" must be a string.');
}

/** The answer to a line that is too long to be read. */
export const tooLong = (most: number): Refusal =>
  refused(INVALID_REQUEST, `The line is longer than ${most / 2 ** 20} MiB.`);

function refusedCall(id: string | number, params: unknown): Refusal | undefined {
  const { name, arguments: args } = (params ?? {}) as { name?: unknown; arguments?: unknown };
  if (typeof name !== 'string')
    return {
      id,
      error: {
        code: INVALID_PARAMS,
        message: 'tools/call needs "name", the name of a tool, and "arguments", an object.',
      },
    };
  if (args === undefined || (typeof args === 'object' && args !== null && !Array.isArray(args))) return undefined;
  const text = 'BAD_ARGUMENTS: The arguments must be an object. Correct them and call again.';
  return { id, result: { isError: true, content: [{ type: 'text', text }] } };
}

const refused = (code: number, message: string): Refusal => ({ id: null, error: { code, message } });

const isId = (id: unknown): id is string | number =>
  typeof id === 'string' || (typeof id === 'number' && Number.isSafeInteger(id));

function parse(line: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(line) };
  } catch {
    return undefined;
  }
}
