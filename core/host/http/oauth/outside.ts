import type { Incoming, Outgoing, send } from '../../../halo/http.js';
import { isLoopback } from '../../../loopback.js';
import type { WayTo } from '../../../settings.js';

/** The time limit for an identity provider. */
const MS = 5_000;
/** The longest answer to read, in bytes. */
const MOST_BYTES = 2 ** 20;
const NEVER = new AbortController().signal;

/** The identity provider gave no usable answer. What it said is not passed on. */
export class Unreachable extends Error {}

/** True for an address that is reached over TLS or is on this machine. */
export const isSafe = (text: string): boolean => {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password } = new URL(text);
  if (username !== '' || password !== '') return false;
  return protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname));
};

/** The options of a request. */
export type Asked = Pick<Outgoing, 'headers' | 'at'> & { maxBytes?: number };

/**
 * Requests that do not go to Halo: to the identity provider, and for clients' metadata. They are sent in the same way
 * and through the same proxy. Redirects are not followed, as they could lead anywhere. Each throws Unreachable.
 */
export interface Outside {
  /** Gets a JSON object. */
  object(url: string, asked?: Asked): Promise<Record<string, unknown>>;
  /** Gets any JSON. */
  json(url: string, asked?: Asked): Promise<unknown>;
  /** Posts a form and gives the answer, be it accepted or refused. */
  post(url: string, form: Record<string, string>, headers: Record<string, string>): Promise<Incoming>;
}

/** @param ask sends one request; passed in, so that the code of stdio stays one file */
export function outsideBy(ask: typeof send, wayTo: WayTo = () => undefined): Outside {
  const answerTo = async ({ maxBytes = MOST_BYTES, ...out }: Omit<Outgoing, 'proxy'> & Asked): Promise<Incoming> => {
    if (!isSafe(out.url)) throw new Unreachable('its address is not https');
    const proxy = wayTo(out.url);
    if (typeof proxy === 'string') throw new Unreachable('the proxy can not be used');
    try {
      return await ask({ ...out, proxy }, { maxBytes, timeoutMs: MS, signal: NEVER });
    } catch {
      throw new Unreachable('it gave no answer that can be read');
    }
  };
  const json = async (url: string, asked: Asked = {}): Promise<unknown> => {
    const { status, body } = await answerTo({ method: 'GET', url, ...asked });
    if (status !== 200) throw new Unreachable(`it answered ${status}`);
    try {
      return JSON.parse(body);
    } catch {
      throw new Unreachable('its answer is not JSON');
    }
  };
  return {
    json,
    async object(url, asked) {
      const found = await json(url, asked);
      if (typeof found !== 'object' || found === null || Array.isArray(found)) throw new Unreachable('no object came');
      return found as Record<string, unknown>;
    },
    async post(url, form, headers) {
      const answer = await answerTo({ method: 'POST', url, form, headers });
      const { status } = answer;
      if (status === 200 || (status >= 400 && status < 500 && status !== 429)) return answer;
      throw new Unreachable(`it answered ${status}`);
    },
  };
}
