import {
  type Context,
  isSpanContextValid,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  trace,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import type { Tracer } from './trace.js';

/** A tracer and its end, which first sends what is waiting. */
export interface Tracing {
  tracer: Tracer;
  end(): Promise<void>;
}

/** The longest that sending may take at the end. */
const END_MS = 2_000;

/**
 * Sends spans by OTLP over HTTP. The library reads where to, how often and with which headers from the environment's
 * `OTEL_` variables.
 */
export function startTracing(service: { name: string; version: string }): Tracing {
  const provider = new BasicTracerProvider({
    resource: defaultResource().merge(
      resourceFromAttributes({ 'service.name': service.name, 'service.version': service.version }),
    ),
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
  });
  const spans = provider.getTracer(service.name, service.version);
  const tracer: Tracer = {
    begin({ tool, customer }, parent) {
      const span = spans.startSpan(
        `tools/call ${tool}`,
        {
          kind: SpanKind.SERVER,
          attributes: {
            'mcp.method.name': 'tools/call',
            'gen_ai.tool.name': tool,
            ...(customer !== undefined && { 'halo_mcp.customer': customer }),
          },
        },
        contextOf(parent),
      );
      const within = trace.setSpan(ROOT_CONTEXT, span);
      return {
        request(method, family) {
          const attributes = { 'http.request.method': method, 'url.template': family };
          const child = spans.startSpan(`${method} ${family}`, { kind: SpanKind.CLIENT, attributes }, within);
          return (status) => {
            if (status !== undefined) child.setAttribute('http.response.status_code', status);
            if (status === undefined || status >= 400) child.setStatus({ code: SpanStatusCode.ERROR });
            child.end();
          };
        },
        end(code) {
          span.setAttribute('halo_mcp.outcome', code);
          if (code !== 'OK') span.setAttribute('error.type', code).setStatus({ code: SpanStatusCode.ERROR });
          span.end();
        },
      };
    },
  };
  return {
    tracer,
    async end() {
      let alarm: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => {
        alarm = setTimeout(resolve, END_MS);
      });
      await Promise.race([provider.shutdown().catch(() => undefined), late]);
      clearTimeout(alarm);
    },
  };
}

/** As W3C's Trace Context writes it. */
const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

function contextOf(parent: string | undefined): Context {
  const [, traceId = '', spanId = '', flags = ''] = TRACEPARENT.exec(parent ?? '') ?? [];
  const remote = { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & TraceFlags.SAMPLED, isRemote: true };
  return isSpanContextValid(remote) ? trace.setSpanContext(ROOT_CONTEXT, remote) : ROOT_CONTEXT;
}
