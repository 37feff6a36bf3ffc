import type { Readable, Writable } from 'node:stream';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { JSONRPCMessage, RequestId } from '@modelcontextprotocol/sdk/types.js';
import { Lines, MAX_LINE } from './lines.js';
import { readMessage, tooLong } from './malformed.js';

/** Of the range that is free for servers. */
const STOPPING = -32_000;

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

  /** Answers every request that still waits with an error, so that nobody waits for ever. */
  giveUp(message: string): void {
    for (const id of this.#open)
      this.#write({ jsonrpc: '2.0', id, error: { code: STOPPING, message } }).catch(() => undefined);
    this.#open.clear();
  }

  /** How many requests wait for their answer. */
  get busy(): number {
    return this.#open.size;
  }

  #receive(line: string | undefined): void {
    const read = line === undefined ? tooLong(MAX_LINE) : readMessage(line);
    if ('message' in read) this.#accept(read.message as JSONRPCMessage);
    else this.#write({ jsonrpc: '2.0', ...read }).catch(() => undefined);
  }

  #accept(message: JSONRPCMessage): void {
    const { id, method, params } = message as { id?: RequestId; method?: string; params?: { requestId?: RequestId } };
    if (id !== undefined && method !== undefined) this.#open.add(id);
    // A cancelled request gets no answer, so nobody is to wait for one.
    if (method === 'notifications/cancelled' && params?.requestId !== undefined) this.#open.delete(params.requestId);
    this.onmessage?.(message);
  }

  #write(message: object): Promise<void> {
    return new Promise((resolve, reject) => {
      this.output.write(`${JSON.stringify(message)}\n`, (error) => (error ? reject(error) : resolve()));
    });
  }
}
