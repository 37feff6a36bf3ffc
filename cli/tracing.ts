import type { Tracing } from '../core/trace/otlp.js';
import { identity } from './identity.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** True if OpenTelemetry's variables say where traces go. */
export function wantsTraces(env: Environment): boolean {
  const exporter = env.OTEL_TRACES_EXPORTER?.trim().toLowerCase();
  if (env.OTEL_SDK_DISABLED?.trim().toLowerCase() === 'true' || exporter === 'none') return false;
  const endpoint = env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT || env.OTEL_EXPORTER_OTLP_ENDPOINT;
  return exporter === 'otlp' || (!exporter && Boolean(endpoint?.trim()));
}

/** Starts tracing if it is wanted; otherwise loads none of it. */
export async function tracingOf(env: Environment = process.env): Promise<Tracing | undefined> {
  if (!wantsTraces(env)) return undefined;
  const { startTracing } = await import('../core/trace/otlp.js');
  return startTracing({ name: env.OTEL_SERVICE_NAME?.trim() || identity.name, version: identity.version });
}
