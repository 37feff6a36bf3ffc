// host/handlers/: The protocol's requests, answered by a session. Every host uses them, whichever library frames them.
import { setTimeout as delay } from 'node:timers/promises';
import type { Caller, Session } from '../../session.js';
import { type Answer, type Asking, answering, type Gate, Told } from './answering.js';
import { asked, asking, between, canAsk } from './asking.js';
import { INVALID_PARAMS } from './codes.js';
import { OFFERS, offersOf } from './offers.js';

/** The server's name for itself. */
export interface Identity {
  name: string;
  title: string;
  version: string;
}

/** What the server says it can do. */
const CAPABILITIES = { tools: { listChanged: true }, ...OFFERS };

/** The requests that a session answers. */
export type Method = 'tools/list' | 'tools/call' | keyof ReturnType<typeof offersOf>;

/** A session's answers, by method. */
export interface Answers {
  capabilities: typeof CAPABILITIES;
  methods: Readonly<Record<Method, Answer>>;
  /** Calls back when the tools differ from those the client has seen. A client that has seen none is not told. */
  onLate(tell: () => void): void;
}

/** How long the list waits for slow plugins. */
const LIST_MS = 1000;

/** Listing and calling wait for the packs; the handshake does not. */
export function answersOf(ready: Promise<Session>, gate: Gate): Answers {
  let listed: number | undefined;
  const own: Record<Method, Answer> = {
    'tools/list': async () => {
      const session = await ready;
      await Promise.race([session.settled, delay(LIST_MS, undefined, { ref: false })]);
      const tools = session.tools();
      listed = tools.length;
      return { tools };
    },

    'tools/call': async (params, client) => {
      const session = await ready;
      const { code, asks, ...result } = await session.call(
        String(params.name),
        params.arguments,
        callerOf(params, client),
      );
      if (asks !== undefined) return asked(asks);
      if (code === 'UNKNOWN_TOOL')
        throw new Told(INVALID_PARAMS, result.content.map((part) => ('text' in part ? part.text : '')).join('\n'));
      return result;
    },

    ...offersOf(ready),
  };
  const methods = Object.fromEntries(Object.entries(own).map(([method, answer]) => [method, answering(answer, gate)]));
  const onLate = async (tell: () => void) => {
    const session = await ready;
    session.onToolsChanged(() => {
      if (listed !== undefined && listed !== session.tools().length) tell();
    });
  };
  return {
    capabilities: CAPABILITIES,
    methods: methods as Answers['methods'],
    onLate: (tell) => {
      onLate(tell).catch(() => undefined);
    },
  };
}

/** What the caller brings: what its client asked for and says it can do. */
function callerOf(params: Record<string, unknown>, { signal, notify, client, request, round, ...of }: Asking): Caller {
  const { progressToken, traceparent } = (params._meta ?? {}) as {
    progressToken?: string | number;
    traceparent?: unknown;
  };
  const onProgress: Caller['onProgress'] = (progress, total, message) =>
    notify({
      method: 'notifications/progress',
      params: {
        ...{ progressToken, progress },
        ...(total !== undefined && { total }),
        ...(message !== undefined && { message }),
      },
    });
  const asks = canAsk(client);
  return {
    ...{ signal, onProgress: progressToken === undefined ? undefined : onProgress },
    traceparent: typeof traceparent === 'string' ? traceparent : of.traceparent,
    ...(asks && request !== undefined && { confirm: asking(request) }),
    ...(asks && round !== undefined && { between: between(round) }),
  };
}
