import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type {
  JSONRPCErrorResponse,
  JSONRPCMessage,
  JSONRPCRequest,
  JSONRPCResultResponse,
} from '@modelcontextprotocol/sdk/types.js';
import { factsOf } from '../../log.js';
import type { Log } from '../../logger.js';
import { newRef, unknownFault } from '../../output/fault.js';
import { INTERNAL_ERROR } from '../handlers/codes.js';
import { isNewer } from './frame.js';
import type { Greet } from './greeting.js';

/** The transport below. */
export type Wire = Pick<Transport, 'start' | 'send' | 'close' | 'onmessage'>;

/** Takes each message of a connection from now on. */
export type Take = (message: JSONRPCMessage) => void;

/** The protocol's libraries, loaded when they are needed. */
export interface Libraries {
  /** @param handshake the client's, if it is answered already */
  older(handshake: JSONRPCMessage | undefined): Promise<Take>;
  /** Rejects if it can't be loaded: then the older era answers, and clients use it. */
  newer(): Promise<Take>;
}

/** Notifications that mean nothing here: a list that is cancelled is dropped by the transport below. */
const UNANSWERED = ['notifications/initialized', 'notifications/cancelled'];

/** No client has a request of this name: nothing waits for its answer. */
const AGAIN = 'handshake';

/**
 * The beginning of a connection. The handshake and the lists are answered here. The first message beyond them loads the
 * library of the client's era, which takes over from that message on: the newer one if the client's first message names
 * a revision of that era.
 */
export class Opening {
  #handshake: JSONRPCMessage | undefined;
  #isFirst = true;

  constructor(
    private readonly wire: Wire,
    private readonly greet: Greet,
    private readonly libraries: Libraries,
    private readonly log: Log,
  ) {}

  start(): Promise<void> {
    this.wire.onmessage = (message) => this.#receive(message);
    return this.wire.start();
  }

  #receive(message: JSONRPCMessage): void {
    const isFirst = this.#isFirst;
    this.#isFirst = false;
    if (isFirst && isNewer('params' in message ? message.params : undefined)) this.#open(message, this.#newer);
    else if (!this.#isGreeted(message)) this.#open(message, this.#older);
  }

  readonly #older = () => this.libraries.older(this.#handshake);

  readonly #newer = () =>
    this.libraries.newer().catch((error: unknown) => {
      this.log.error({ cause: factsOf(error) }, 'the newer era of the protocol can not be served');
      return this.#older();
    });

  /** True if the message needs no library. */
  #isGreeted(message: JSONRPCMessage): boolean {
    if (!('method' in message)) return false;
    if (!('id' in message)) return UNANSWERED.includes(message.method);
    const answer = this.greet(message);
    if (answer === undefined) return false;
    if (message.method === 'initialize') this.#handshake = { ...message, id: AGAIN };
    answer.then(
      (result) => this.#send(message, { result: { ...result } }),
      ({ code, message: words }: Error & { code: number }) => this.#send(message, { error: { code, message: words } }),
    );
    return true;
  }

  #send(
    { id }: JSONRPCRequest,
    answer: Pick<JSONRPCResultResponse, 'result'> | Pick<JSONRPCErrorResponse, 'error'>,
  ): void {
    this.wire.send({ jsonrpc: '2.0', id, ...answer }).catch(() => undefined);
  }

  /** Messages wait while a library loads. If it can't be loaded they are refused, and the next one tries again. */
  #open(first: JSONRPCMessage, library: () => Promise<Take>): void {
    const waiting = [first];
    this.wire.onmessage = (message) => void waiting.push(message);
    library().then(
      (take) => {
        this.wire.onmessage = take;
        for (const message of waiting) take(message);
      },
      (error: unknown) => {
        this.wire.onmessage = (message) => this.#receive(message);
        for (const message of waiting) this.#refuse(message, error);
      },
    );
  }

  #refuse(message: JSONRPCMessage, cause: unknown): void {
    if (!('method' in message && 'id' in message)) return;
    const ref = newRef();
    this.log.error({ ref, cause: factsOf(cause) }, 'the protocol can not be served');
    this.#send(message, { error: { code: INTERNAL_ERROR, message: unknownFault('The server', ref).words } });
  }
}
