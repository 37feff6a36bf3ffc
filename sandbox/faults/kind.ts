import type { Json } from '../json.js';
import type { SandboxAnswer, SandboxReply, SandboxRequest } from '../request.js';

/** What can be told of one fault beside its name; each kind says which of them it heeds. */
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
  /** Where the sandbox listens. */
  url: string;
  revokeTokens(): void;
}

/** A way in which Halo, or what lies before it, goes wrong. */
export interface FaultKind {
  /** In words, with the settings that it heeds and their defaults. */
  does: string;
  /** Which requests it hits unless told: `api`, `token`, `all`, or a path under /api. */
  on: string;
  spoil(spoiling: Spoiling): SandboxAnswer | Promise<SandboxAnswer>;
}

export const isToken = ({ path }: SandboxRequest): boolean => path.toLowerCase() === '/auth/token';

/** A kind that changes the answer; one that is no reply, because of another fault, is left alone. */
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

/** A kind that changes the text of an answer that succeeded. */
export const onText = (does: string, change: (text: string) => string, on = 'api'): FaultKind =>
  onReply(does, (reply) => (hasText(reply) ? { ...reply, body: change(reply.body) } : reply), on);

/** A kind that changes the JSON of an answer that succeeded. */
export const onJson = (does: string, change: (body: Json) => Json, on = 'api'): FaultKind =>
  onText(does, (text) => JSON.stringify(change(JSON.parse(text) as Json)), on);

/** A kind that answers another question than the one that was asked. */
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
