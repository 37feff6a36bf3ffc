import type { Server as HttpServer } from 'node:http';
import type { CallFacts } from '../../call/told.js';
import type { Server } from '../../server.js';
import { Limits, type Rate } from '../../store/rates.js';
import { networkOf, shownHost } from './address.js';
import { doorOf } from './door.js';
import { PATH, startEngine } from './engine.js';
import { createGate } from './gate.js';
import { healthRoutes } from './health.js';
import { closed, Life } from './life.js';
import { createHttpServer, listen } from './listen.js';
import { readRequest } from './message.js';
import { createMetrics, listenForMetrics } from './metrics.js';
import { guardNames } from './names.js';
import type { HttpOptions, HttpParts } from './options.js';
import { serverOfCaller } from './server.js';
import { Sessions } from './sessions.js';

/** A running team server. */
export interface Team {
  /** Where MCP is served. */
  url: string;
  /** Where the metrics are; undefined if there are none. */
  metrics: string | undefined;
  server: Server;
  /** Answers requests in flight within the time, then ends. @returns how many requests it cut off */
  stop(milliseconds?: number): Promise<number>;
}

/**
 * Starts the team server.
 * @throws ConfigError if nobody could ever sign in; the system's error if it can't listen
 */
export async function startTeam(parts: HttpParts, options: HttpOptions): Promise<Team> {
  const { gate, identity } = parts;
  const { log } = gate;
  const life = new Life();
  const sessions = options.sessions ? new Sessions() : undefined;
  const metrics = options.metrics === undefined ? undefined : createMetrics(life, () => sessions?.size ?? 0);
  const server = await parts.load(({ principal, customer, ...facts }: CallFacts) => {
    log.info({ principal, customer, ...facts }, 'audit');
    metrics?.called({ customer, ...facts });
  });
  const trusted = networkOf(options.trustedProxies);
  const { store } = parts;
  const rates = (purpose: string, rate: Rate) => store?.rates(purpose, rate) ?? new Limits(rate);
  const door = await doorOf(server, options, { log, trusted, rates, signIns: store?.signIns, send: parts.send });
  const isStoreUp = store && (() => store.isUp);
  metrics?.watch(server, door.isStale, isStoreUp);
  const engine = await startEngine({
    createServer: () => serverOfCaller(parts, sessions !== undefined),
    onClose: (done) => sessions?.end(done),
    stateless: sessions === undefined,
  });
  const health = healthRoutes({ server, life, isStale: door.isStale, isStoreUp });
  const handle = createGate({
    ...{ life, sessions, engine, log, signIn: door.signIn, origins: options.origins },
    guardNames: guardNames({ ...options, hosts: hostsOf(options) }, shownHost(options.place.host)),
    readRequest,
    ...{ health, routes: door.routes },
    callers: rates('calls', rateOf(options.callsPerMinute)),
    onAnswer: (status) => metrics?.answered(status),
  });
  const http = createHttpServer(handle, (socket) => life.isBusy(socket));
  const url = `${await listen(http, options.place)}${PATH}`;
  const second: HttpServer[] = [];
  const close = async () => {
    door.close();
    await Promise.all([http, ...second].map(closed));
    await engine.close().catch(() => undefined);
  };
  let metricsUrl: string | undefined;
  if (metrics !== undefined && options.metrics !== undefined)
    try {
      const listening = await listenForMetrics(metrics, options.metrics);
      second.push(listening.http);
      metricsUrl = listening.url;
    } catch (error) {
      await close();
      throw error;
    }
  const all = server.open({ customer: server.customers });
  all.onToolsChanged(() => engine.toolsChanged());
  const facts = { packs: all.packs, tools: all.tools().length, customers: server.customers.length };
  log.info({ ...facts, ...(metricsUrl && { metrics: metricsUrl }) }, `${identity.title} server running on ${url}`);
  return {
    ...{ url, metrics: metricsUrl, server },
    async stop(milliseconds) {
      const lost = await life.drain(milliseconds);
      await close();
      return lost;
    },
  };
}

/** What a client sends at once to connect, list what there is and ask, more than twice over. */
const LEAST_BURST = 30;
/** A burst may hold a tenth of a minute's calls. */
const rateOf = (perMinute: number) => ({ perMinute, burst: Math.max(LEAST_BURST, Math.ceil(perMinute / 10)) });

/** The server also answers under the host name at which clients sign in. */
const hostsOf = ({ hosts, oauth }: HttpOptions) =>
  oauth?.proxy === undefined ? hosts : [...hosts, new URL(oauth.proxy.publicUrl).host];
