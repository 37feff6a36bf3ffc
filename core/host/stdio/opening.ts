import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import { factsOf } from '../../log.js';
import type { Log } from '../../logger.js';
import { isNewer } from './malformed.js';

/** The transport below. */
export type Wire = Pick<Transport, 'start' | 'send' | 'close' | 'onmessage'>;

/** Takes each message of a connection in the newer era. */
type Take = (message: JSONRPCMessage) => void;

/**
 * The wire as the library of the older era sees it. If the client's first message names a revision of the newer era,
 * the other library is loaded and takes over the connection from that message on.
 */
export class Opening implements Transport {
  onmessage?: Transport['onmessage'];

  /** @param openNewer rejects if the other library can't be loaded: then the older era answers, and clients use it */
  constructor(
    private readonly wire: Wire,
    private readonly openNewer: () => Promise<Take>,
    private readonly log: Log,
  ) {}

  start(): Promise<void> {
    this.wire.onmessage = (message) => this.#decide(message);
    return this.wire.start();
  }

  send(message: JSONRPCMessage): Promise<void> {
    return this.wire.send(message);
  }

  close(): Promise<void> {
    return this.wire.close();
  }

  #decide(first: JSONRPCMessage): void {
    const waiting = [first];
    if (!isNewer('params' in first ? first.params : undefined)) {
      this.#goOn(this.onmessage as Take, waiting);
      return;
    }
    this.wire.onmessage = (message) => void waiting.push(message);
    this.openNewer().then(
      (take) => this.#goOn(take, waiting),
      (error: unknown) => {
        this.log.error({ cause: factsOf(error) }, 'the newer era of the protocol can not be served');
        this.#goOn(this.onmessage as Take, waiting);
      },
    );
  }

  #goOn(take: Take, waiting: readonly JSONRPCMessage[]): void {
    this.wire.onmessage = take;
    for (const message of waiting) take(message);
  }
}
