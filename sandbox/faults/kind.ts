import type { Json } from '../json.js';
import type { SandboxAnswer, SandboxReply, SandboxRequest } from '../request.js';

/** The settings of a fault besides its name. Each kind says which ones it uses. */
export interface FaultSettings {
  /** Milliseconds. */
  ms?: number;
  bytes?: number;
  seconds?: number;
  /** An address, `http://…`. */
  to?: string;
  /** Names of query parameters. */
  parameters?: string[];
}

/** What a fault has to work with. */
export interface Spoiling {
  request: SandboxRequest;
  settings: FaultSettings;
  /** The sandbox's own answer, to this request or to a changed one. */
  answer(request?: SandboxRequest): Promise<SandboxAnswer>;
  /** The sandbox's address. */
  url: string;
  revokeTokens(): void;
}

/** A way in which Halo, or something in front of it, goes wrong. */
export interface FaultKind {
  /** In words, with the settings that it uses and their defaults. */
  does: string;
  /** Which requests it hits by default: `api`, `token`, `all`, or a path under /api. */
  on: string;
  spoil(spoiling: Spoiling): SandboxAnswer | Promise<SandboxAnswer>;
}

export const isToken = ({ path }: SandboxRequest): boolean => path.toLowerCase() === '/auth/token';

/** A kind that changes the reply. If another fault left no reply, it does nothing. */
export const onReply = (
  does: string,
  change: (reply: SandboxReply, spoiling: Spoiling) => SandboxReply,
  on = 'api',
): FaultKind => ({
  ...{ does, on },
  async spoil(spoiling) {
    const answer = await spoiling.answer();
    return typeof answer === 'object' && 'status' in answer ? change(answer, spoiling) : answer;
  },
});

/** A kind that changes the text of a successful answer. */
export const onText = (does: string, change: (text: string) => string, on = 'api'): FaultKind =>
  onReply(does, (reply) => (hasText(reply) ? { ...reply, body: change(reply.body) } : reply), on);

/** A kind that changes the JSON of a successful answer. */
export const onJson = (does: string, change: (body: Json) => Json, on = 'api'): FaultKind =>
  onText(does, (text) => JSON.stringify(change(JSON.parse(text) as Json)), on);

/** A kind that answers a different query from the one sent. */
export const onQuery = (
  does: string,
  change: (query: URLSearchParams, settings: FaultSettings) => void,
): FaultKind => ({
  ...{ does, on: 'api' },
  spoil({ request, answer, settings }) {
    const query = new URLSearchParams(request.query);
    change(query, settings);
    return answer({ ...request, query });
  },
});

const hasText = (reply: SandboxReply): reply is SandboxReply & { body: string } =>
  reply.status === 200 && typeof reply.body === 'string';
