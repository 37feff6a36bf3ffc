/** The server inside the test's own process: the same MCP, without a process for each session. */
import { PassThrough } from 'node:stream';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { ReadBuffer, serializeMessage } from '@modelcontextprotocol/sdk/shared/stdio.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import { identity } from '../cli/identity.js';
import type { Core } from '../core/core.js';
import type { Log } from '../core/define.js';
import { mcpServer } from '../core/host/server.js';
import { GuardedTransport } from '../core/host/transport.js';

const silent: Log = { debug() {}, info() {}, warn() {}, error() {} };

/** A client of this core, by the bytes that stdio would carry; `onBytes` sees those that the server writes. */
export async function connected(
  core: Core,
  log: Log = silent,
  onBytes = (_bytes: string): void => {},
): Promise<Client> {
  const [input, output] = [new PassThrough(), new PassThrough()];
  output.on('data', (bytes: Buffer) => onBytes(String(bytes)));
  await mcpServer(Promise.resolve(core), core.instructions, identity).connect(new GuardedTransport(input, output, log));
  const client = new Client({ name: 'halo-mcp-test', version: '1' });
  await client.connect(over(output, input));
  return client;
}

/** A client's end of two streams, a message a line. */
function over(input: PassThrough, output: PassThrough): Transport {
  const buffer = new ReadBuffer();
  const transport: Transport = {
    async start() {
      input.on('data', (bytes: Buffer) => {
        buffer.append(bytes);
        for (let message = buffer.readMessage(); message !== null; message = buffer.readMessage())
          transport.onmessage?.(message);
      });
    },
    async send(message: JSONRPCMessage) {
      output.write(serializeMessage(message));
    },
    async close() {
      output.end();
      transport.onclose?.();
    },
  };
  return transport;
}
