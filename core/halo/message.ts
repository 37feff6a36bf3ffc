import type { ProxyServer } from '../settings.js';

/** One request, as it leaves. */
export interface Outgoing {
  method: 'GET' | 'POST' | 'DELETE';
  url: string;
  headers?: Record<string, string>;
  form?: Record<string, string>;
  json?: unknown;
  /** The IP address to connect to, even if the host's name resolves to another by then. */
  at?: string | undefined;
  /** Through which it goes; directly without one. */
  proxy?: ProxyServer | undefined;
}

/** An answer of any status, its body whole. */
export interface Incoming {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}
