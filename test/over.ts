import type { Readable, Writable } from 'node:stream';
import { ReadBuffer, serializeMessage } from '@modelcontextprotocol/sdk/shared/stdio.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';

/**
 * A client's end of two streams, a message a line. `close` ends what it writes to, and waits for the other side where
 * that has an end of its own.
 */
export function over(input: Readable, output: Writable, ended?: Promise<unknown>): Transport {
  const buffer = new ReadBuffer();
  const transport: Transport = {
    async start() {
      input.on('data', (bytes: Buffer) => {
        buffer.append(bytes);
        for (let message = buffer.readMessage(); message !== null; message = buffer.readMessage())
          transport.onmessage?.(message);
      });
      void ended?.then(() => transport.onclose?.());
    },
    async send(message) {
      output.write(serializeMessage(message));
    },
    async close() {
      output.end();
      await (ended ?? transport.onclose?.());
    },
  };
  return transport;
}
