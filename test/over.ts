import type { Readable, Writable } from 'node:stream';
import { ReadBuffer, serializeMessage } from '@modelcontextprotocol/sdk/shared/stdio.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';

/**
 * A client's end of two streams, one message per line. `close` ends the stream that it writes to, and waits for the
 * other side if that ends by itself.
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
