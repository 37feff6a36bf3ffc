import type { IncomingMessage } from 'node:http';
import { readBody } from '../../body.js';
import { PATH } from '../../engine.js';
import { Refused } from './refused.js';

const MOST_BYTES = 16_384;
const bad = (message: string) => new Refused('invalid_request', message);

async function textOf(req: IncomingMessage, kind: string): Promise<string> {
  const [given = ''] = String(req.headers['content-type'] ?? '').split(';', 1);
  if (given.trim().toLowerCase() !== kind)
    throw new Refused('invalid_request', `The body must be sent as ${kind}.`, 415);
  const body = await readBody(req, MOST_BYTES);
  if (typeof body === 'string') throw new Refused('invalid_request', 'The body is too long.', 413);
  return body.toString();
}

/** Parameters, each once: if one came twice, somebody else might read the other value. @throws Refused */
export function once(params: URLSearchParams): Map<string, string> {
  const found = new Map<string, string>();
  for (const [name, value] of params) {
    if (found.has(name)) throw bad('A parameter was given twice.');
    found.set(name, value);
  }
  return found;
}

/** @throws Refused */
export const form = async (req: IncomingMessage): Promise<Map<string, string>> =>
  once(new URLSearchParams(await textOf(req, 'application/x-www-form-urlencoded')));

/** A JSON object. @throws Refused */
export async function json(req: IncomingMessage): Promise<Record<string, unknown>> {
  const text = await textOf(req, 'application/json');
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // Reported below.
  }
  throw new Refused('invalid_client_metadata', 'The body must be a JSON object.');
}

/** RFC 8707: refuses to make a token for another server. */
export function faultOfResource(params: Map<string, string>, publicUrl: string): Refused | undefined {
  const resource = params.get('resource');
  if (resource === undefined || [publicUrl, `${publicUrl}/`, publicUrl + PATH].includes(resource)) return undefined;
  return new Refused('invalid_target', 'That resource is another server.');
}
