import type { CallFacts } from '../../call/told.js';
import { ConfigError } from '../../config-error.js';
import type { send } from '../../halo/http.js';
import type { Server } from '../../server.js';
import type { Store } from '../../store/store.js';
import { isLoopback, type Place, shownHost } from './address.js';
import type { OAuthOptions } from './oauth/options.js';
import type { ServerParts } from './server.js';

/** How the team server is set up. */
export interface HttpOptions {
  place: Place;
  /** True if a proxy in front ends TLS, so that the server may listen on an address that others reach. */
  behindProxy: boolean;
  /** False: anybody who reaches the port may call. */
  auth: boolean;
  /** True for sessions as the older revisions have them. */
  sessions: boolean;
  /** The file of tokens; undefined if none may be used because no config was named. */
  tokens: string | undefined;
  /** Undefined if there is no sign-in through an identity provider. */
  oauth?: OAuthOptions | undefined;
  hosts: readonly string[];
  origins: readonly string[];
  trustedProxies: readonly string[];
  callsPerMinute: number;
  /** Where metrics are served, to this machine only; undefined for nowhere. */
  metrics: Place | undefined;
}

/** What the process provides. */
export interface HttpParts extends ServerParts {
  send: typeof send;
  /** Loads the packs. */
  load: (onCall: (facts: CallFacts) => void) => Promise<Server>;
  /** The store shared with other servers; absent if there is none. */
  store?: Pick<Store, 'isUp' | 'rates' | 'signIns'> | undefined;
}

/** @throws ConfigError for an address that others reach without a proxy in front, or without sign-in */
export function refuseOpenDoors({ place, behindProxy, auth, tokens, metrics }: HttpOptions): void {
  const address = `${shownHost(place.host)}:${place.port}`;
  const open = !isLoopback(place.host);
  if (open && !auth)
    throw new ConfigError(
      `--no-auth is for this machine alone, and others reach ${address}. Take it out, and make tokens with \`halo-mcp token new NAME --config FILE\`.`,
    );
  if (open && !behindProxy)
    throw new ConfigError(
      `Others reach ${address}, and this server has no TLS of its own. Put a proxy with TLS in front and add --behind-proxy, or listen on 127.0.0.1. docs/team-server.md has both.`,
    );
  if (metrics !== undefined && !isLoopback(metrics.host))
    throw new ConfigError(
      `Metrics need no sign-in, so they are served only on this machine: --metrics 127.0.0.1:${metrics.port}, not ${shownHost(metrics.host)}.`,
    );
  if (auth && tokens === undefined)
    throw new ConfigError(
      'Nobody could sign in: the tokens are kept beside the config, and no config was named. Add --config FILE and make a token with `halo-mcp token new NAME --config FILE`; or, on this machine alone, --no-auth.',
    );
}
