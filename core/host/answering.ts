import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { ErrorCode, McpError } from '@modelcontextprotocol/sdk/types.js';
import type { Log } from '../define.js';
import { errorText, newRef, ours, unknownFault } from '../fault.js';
import { factsOf } from '../log.js';
import type { Redactor } from '../output/redact.js';

/** What every word passes that leaves the process. */
export interface Gate {
  log: Log;
  redactor: Redactor;
}

/** Sets what answers a request. */
export type Answering = Server['setRequestHandler'];

/**
 * Sets handlers whose errors may leave: the protocol's library sends the message of whatever is thrown. Our own words
 * are redacted; of anything else a reference is told, and its cause goes to the log.
 */
export function answering(server: Server, gate: Gate): Answering {
  return (schema, work) =>
    server.setRequestHandler(schema, async (request, extra) => {
      try {
        return await work(request, extra);
      } catch (thrown) {
        throw leaving(thrown, gate);
      }
    });
}

/** As the library takes it: a code of the protocol and a message. */
function leaving(thrown: unknown, { log, redactor }: Gate): Error {
  const ref = newRef();
  const own = ours(thrown) ?? (thrown instanceof Told ? { words: thrown.message, foreign: [] } : undefined);
  if (own === undefined) log.error({ ref, cause: factsOf(thrown) }, 'a request failed');
  const said = own ?? unknownFault('The server', ref);
  const code = thrown instanceof Told ? thrown.code : ErrorCode.InternalError;
  return Object.assign(new Error(errorText(said, redactor, ref)), { code });
}

/** An error of the protocol in our own words. */
export class Told extends McpError {}
