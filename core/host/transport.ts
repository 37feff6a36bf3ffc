import type { Readable, Writable } from 'node:stream';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { JSONRPCMessage, RequestId } from '@modelcontextprotocol/sdk/types.js';
import { Lines, MAX_LINE } from './lines.js';

const PARSE_ERROR = -32_700;
const INVALID_REQUEST = -32_600;

/**
 * JSON-RPC over two streams, with a guard in front: what is no JSON, no single message, or has a bad id is answered by
 * its JSON-RPC code and the server lives on (the SDK's own transport stays silent, or dies of a long line).
 */
export class GuardedTransport implements Transport {
  onmessage?: <T extends JSONRPCMessage>(message: T) => void;
  onclose?: () => void;
  onerror?: (error: Error) => void;
  /** Requests that have no answer yet. */
  readonly #open = new Set<RequestId>();
  /** Called whenever the last open request was answered. */
  onidle?: () => void;

  constructor(
    private readonly input: Readable,
    private readonly output: Writable,
  ) {}

  async start(): Promise<void> {
    const lines = new Lines((line) => this.#receive(line));
    this.input.on('data', (chunk: Buffer) => lines.push(chunk));
    this.input.once('end', () => this.onclose?.());
    this.input.once('error', () => this.onclose?.());
  }

  async send(message: JSONRPCMessage): Promise<void> {
    if ('id' in message && !('method' in message) && message.id !== undefined) this.#open.delete(message.id);
    await this.#write(message);
    if (this.#open.size === 0) this.onidle?.();
  }

  async close(): Promise<void> {
    this.input.removeAllListeners('data');
  }

  /** How many requests wait for their answer. */
  get busy(): number {
    return this.#open.size;
  }

  #receive(line: string | undefined): void {
    if (line === undefined) this.#refuse(INVALID_REQUEST, `The line is longer than ${MAX_LINE / 2 ** 20} MiB.`);
    else {
      const message = parse(line);
      const fault = message === undefined ? undefined : faultOf(message.value);
      if (message === undefined) this.#refuse(PARSE_ERROR, 'The line is no JSON.');
      else if (fault !== undefined) this.#refuse(INVALID_REQUEST, fault);
      else this.#accept(message.value as JSONRPCMessage);
    }
  }

  #accept(message: JSONRPCMessage): void {
    const { id, method, params } = message as { id?: RequestId; method?: string; params?: { requestId?: RequestId } };
    if (id !== undefined && method !== undefined) this.#open.add(id);
    // A cancelled request gets no answer, so nobody is to wait for one.
    if (method === 'notifications/cancelled' && params?.requestId !== undefined) this.#open.delete(params.requestId);
    this.onmessage?.(message);
  }

  #refuse(code: number, text: string): void {
    this.#write({ jsonrpc: '2.0', id: null, error: { code, message: text } }).catch(() => undefined);
  }

  #write(message: object): Promise<void> {
    return new Promise((resolve, reject) => {
      this.output.write(`${JSON.stringify(message)}\n`, (error) => (error ? reject(error) : resolve()));
    });
  }
}

/** The value of a line of JSON; undefined where it is none. */
function parse(line: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(line) };
  } catch {
    return undefined;
  }
}

/** What keeps a value from being one JSON-RPC message; undefined where nothing does. */
function faultOf(message: unknown): string | undefined {
  if (Array.isArray(message)) return 'Batches are not supported; send one message a line.';
  if (typeof message !== 'object' || message === null) return 'The line is no JSON-RPC message.';
  const { jsonrpc, id, method } = message as { jsonrpc?: unknown; id?: unknown; method?: unknown };
  if (jsonrpc !== '2.0') return '"jsonrpc" must be "2.0".';
  if (id !== undefined && typeof id !== 'string' && !(typeof id === 'number' && Number.isSafeInteger(id)))
    return '"id" must be a string or an integer.';
  if (typeof method === 'string') return undefined;
  return method === undefined && id !== undefined && ('result' in message || 'error' in message)
    ? undefined
    : '"method" must be a string.';
}
