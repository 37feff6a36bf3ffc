import type { Server as HttpServer } from 'node:http';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { CallFacts } from '../../call/told.js';
import type { Server } from '../../server.js';
import { type Place, shownHost } from './address.js';
import { refuse, withHeaders } from './answer.js';
import type { Life } from './life.js';
import { createHttpServer, listen } from './listen.js';
import { guardNames } from './names.js';

/** What the server reports of its work, in Prometheus' text format; nothing about callers or of Halo's data. */
export interface Metrics {
  called(facts: CallFacts): void;
  answered(status: number): void;
  /** Adds these to the report from now on. */
  watch(server: Server, isStale: () => boolean, isStoreUp?: () => boolean): void;
  text(): Promise<string>;
}

const PREFIX = 'halo_mcp_';
const SECONDS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 45];

export function createMetrics(life: Life, sessions: () => number): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry, prefix: PREFIX });
  const calls = new Counter({
    ...{ name: `${PREFIX}calls_total`, help: 'Calls of tools, by what came of them.', registers },
    labelNames: ['tool', 'customer', 'outcome'],
  });
  const seconds = new Histogram({
    ...{ name: `${PREFIX}call_seconds`, help: 'How long calls took.', registers, buckets: SECONDS },
    labelNames: ['tool'],
  });
  const requests = new Counter({
    ...{ name: `${PREFIX}halo_requests_total`, help: 'Requests to Halo that calls made.', registers },
    labelNames: ['customer'],
  });
  const answers = new Counter({
    ...{ name: `${PREFIX}http_responses_total`, help: 'Answers over HTTP, by status.', registers },
    labelNames: ['status'],
  });
  const gauge = (name: string, help: string, value: () => number) =>
    new Gauge({
      ...{ name: PREFIX + name, help, registers },
      collect() {
        this.set(value());
      },
    });
  gauge('in_flight', 'HTTP requests that have no answer yet.', () => life.inFlight);
  gauge('streams', 'Streams that clients hold open.', () => life.streams);
  gauge('sessions', 'Sessions that are open.', sessions);
  gauge('draining', '1 while the server is about to stop.', () => Number(life.draining));

  return {
    called({ tool, customer = '', outcome, ms, requests: spent }) {
      // A caller could make up names without end.
      const name = outcome === 'UNKNOWN_TOOL' ? '' : tool;
      calls.inc({ tool: name, customer, outcome });
      seconds.observe({ tool: name }, ms / 1000);
      if (spent > 0) requests.inc({ customer }, spent);
    },
    answered(status) {
      answers.inc({ status: String(status) });
    },
    watch(server, isStale, isStoreUp) {
      const each = (name: string, help: string, value: (customer: string) => number) =>
        new Gauge({
          ...{ name: PREFIX + name, help, registers, labelNames: ['customer'] },
          collect() {
            for (const customer of server.customers) this.set({ customer }, value(customer));
          },
        });
      each(
        'budget_left',
        'Requests that could leave for Halo at this moment.',
        (name) => server.customer(name).client.left,
      );
      each(
        'breakers_open',
        'Parts of Halo that are left alone, as they failed.',
        (name) => server.customer(name).client.resting.length,
      );
      gauge('tokens_stale', '1 while the file of tokens cannot be read.', () => Number(isStale()));
      if (isStoreUp !== undefined)
        gauge('store_up', '0 while the store that the servers share is lost.', () => Number(isStoreUp()));
    },
    text: () => registry.metrics(),
  };
}

/** Serves metrics on a port of its own, to this machine only. @throws the system's error if it can't listen */
export async function listenForMetrics(metrics: Metrics, place: Place): Promise<{ http: HttpServer; url: string }> {
  const guard = guardNames({ hosts: [], origins: [] }, shownHost(place.host));
  const http = createHttpServer(
    async (req, res) => {
      withHeaders(res, () => undefined);
      const stranger = guard(req);
      if (stranger !== undefined) return refuse(res, stranger);
      if (req.url !== '/metrics') return refuse(res, { status: 404, message: 'There is nothing here but /metrics.' });
      if (req.method !== 'GET')
        return refuse(res, { status: 405, message: 'Only GET is served here.', headers: { allow: 'GET' } });
      const text = await metrics.text();
      res.writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }).end(text);
    },
    () => false,
  );
  return { http, url: `${await listen(http, place)}/metrics` };
}
