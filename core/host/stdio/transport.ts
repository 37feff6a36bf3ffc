import type { Readable, Writable } from 'node:stream';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type {
  JSONRPCMessage,
  JSONRPCNotification,
  JSONRPCRequest,
  RequestId,
} from '@modelcontextprotocol/sdk/types.js';
import { BUSY, MOST_CALLS } from '../../call/turns.js';
import type { Log } from '../../define.js';
import { HaloError } from '../../errors.js';
import { INVALID_REQUEST } from '../handlers/codes.js';
import { encode } from './encode.js';
import { type Read, type Refusal, readFrame, refusedCall, tooLong } from './frame.js';
import { Lines, MAX_LINE } from './lines.js';

/** From the range that is free for servers. */
const SERVER = -32_000;
/** Requests that may take long because they ask Halo. */
const CALLS = new Set(['tools/call', 'resources/read', 'completion/complete']);
/** The request that stays open while the client listens. */
const LISTEN = 'subscriptions/listen';
/** The most bytes of answers that may wait for a client that is not reading. */
const MAX_QUEUE = 64 * 2 ** 20;
const UNREAD = new HaloError('SERVER_BUSY', 'The answers to earlier calls have not been read yet.');

/**
 * JSON-RPC over two streams, with a guard in front. What is not JSON, not a single message, or has a bad id is answered
 * with its JSON-RPC code, and the server lives on (the SDK's own transport stays silent, or dies of a long line). Every
 * readable request gets one answer, unless it is cancelled.
 */
export class GuardedTransport implements Transport {
  onmessage?: <T extends JSONRPCMessage>(message: T) => void;
  /** Never called: the protocol's own handler would drop the calls in flight. */
  onclose?: () => void;
  onerror?: (error: Error) => void;
  /** Called when the input has ended. */
  onend?: () => void;
  /** Called whenever the last open request was answered and its answer written. */
  onidle?: () => void;
  /** Unanswered requests by the client's ids: the names that the SDK knows them by. */
  readonly #open = new Map<string, string>();
  /** Requests so far: each is another, whatever its id. */
  #admitted = 0;
  /** Open requests that may ask Halo. */
  readonly #calls = new Set<string>();
  /** Open requests to listen, whose end nobody waits for. */
  readonly #lasting = new Set<string>();
  /** Answers that are being written. */
  #writing = 0;

  constructor(
    private readonly input: Readable,
    private readonly output: Writable,
    private readonly log: Log,
    private readonly maxQueue = MAX_QUEUE,
  ) {}

  async start(): Promise<void> {
    const lines = new Lines(
      (line) => this.#receive(readFrame(line)),
      (start) => this.#receive(tooLong(MAX_LINE, start)),
    );
    this.input.on('data', (chunk: Buffer) => lines.push(chunk));
    this.input.once('end', () => {
      lines.end();
      this.onend?.();
    });
    this.input.once('error', () => this.onend?.());
  }

  async send(message: JSONRPCMessage): Promise<void> {
    if (!('id' in message) || 'method' in message || message.id === undefined) return this.#sent(message);
    const name = String(message.id);
    // Otherwise it was cancelled or given up meanwhile.
    if (this.#close(name)) await this.#sent({ ...message, id: idOf(name) });
  }

  #sent(message: JSONRPCMessage): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#write(message, (error) => (error ? reject(error) : resolve()));
    });
  }

  async close(): Promise<void> {
    this.input.removeAllListeners('data');
  }

  /** Answers every waiting request with an error, so that no client waits forever. */
  giveUp(message: string): void {
    for (const name of this.#open.values()) this.#answer({ id: idOf(name), error: { code: SERVER, message } });
    for (const all of [this.#open, this.#calls, this.#lasting]) all.clear();
  }

  /** How many requests wait for their answer, or for it to be written. */
  get busy(): number {
    return this.#open.size - this.#lasting.size + this.#writing;
  }

  #receive(read: Read): void {
    const refusal = 'message' in read ? this.#pass(read.message) : read;
    if (refusal !== undefined) this.#answer(refusal);
  }

  /** Passes a message on, unless it has to be refused. */
  #pass(message: JSONRPCMessage): Refusal | undefined {
    if ('method' in message && 'id' in message) return this.#admit(message);
    if ('method' in message && message.method === 'notifications/cancelled') this.#cancel(message);
    else this.onmessage?.(message);
    return undefined;
  }

  #admit(request: JSONRPCRequest): Refusal | undefined {
    const { id, method } = request;
    const key = JSON.stringify(id);
    if (this.#open.has(key)) {
      this.log.warn(
        { id: key.slice(0, 60), method: method.slice(0, 60) },
        'a request has the id of one that is not answered yet',
      );
      const message = `The id ${key.slice(0, 60)} belongs to a request that is not answered yet.`;
      return { id: null, error: { code: INVALID_REQUEST, message } };
    }
    const isCall = CALLS.has(method);
    const refusal = this.#isFull(isCall);
    if (refusal !== undefined)
      return method === 'tools/call'
        ? refusedCall(id, refusal, request.params)
        : { id, error: { code: SERVER, message: refusal.line } };
    this.#admitted += 1;
    const name = nameOf(this.#admitted, key);
    this.#open.set(key, name);
    if (isCall) this.#calls.add(name);
    if (method === LISTEN) this.#lasting.add(name);
    this.onmessage?.({ ...request, id: name });
    return undefined;
  }

  #isFull(isCall: boolean): HaloError | undefined {
    if (this.output.writableLength > this.maxQueue) return UNREAD;
    return isCall && this.#calls.size >= MOST_CALLS ? BUSY : undefined;
  }

  /** True if it was open: a request with the same id that came after it is another. */
  #close(name: string): boolean {
    this.#calls.delete(name);
    this.#lasting.delete(name);
    const key = keyOf(name);
    return this.#open.get(key) === name && this.#open.delete(key);
  }

  /** A cancelled request gets no answer, so it no longer counts as open. */
  #cancel(notification: JSONRPCNotification): void {
    const requestId = notification.params?.requestId as RequestId | undefined;
    const name = requestId === undefined ? undefined : this.#open.get(JSON.stringify(requestId));
    if (name === undefined || !this.#close(name)) return;
    this.onmessage?.({ ...notification, params: { ...notification.params, requestId: name } });
    if (this.busy === 0) this.onidle?.();
  }

  #answer(refusal: Refusal): void {
    this.#write({ jsonrpc: '2.0', ...refusal });
  }

  #write(message: object, done?: (error: Error | null | undefined) => void): void {
    this.#writing += 1;
    this.output.write(encode(message), (error) => {
      this.#writing -= 1;
      done?.(error);
      if (this.busy === 0) this.onidle?.();
    });
  }
}

/**
 * A request's name for the SDK, which takes an id of 0 or '' for none on cancelling. No two requests share one: a client
 * may use an id again once its request is cancelled, whose answer may still come.
 * @param count how many requests there were
 * @param key the client's id, as JSON
 */
const nameOf = (count: number, key: string): string => `${count} ${key}`;
const keyOf = (name: string): string => name.slice(name.indexOf(' ') + 1);
/** The client's id of a request, from the name that the SDK knows it by. */
export const idOf = (name: string): RequestId => JSON.parse(keyOf(name));
