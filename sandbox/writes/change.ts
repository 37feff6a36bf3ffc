import type { Endpoint, Posted } from '../endpoints/define.js';
import { empty, json } from '../http/replies.js';
import type { Json, Row } from '../json.js';
import { readQuery } from '../query.js';
import type { SandboxReply, SandboxRequest } from '../request.js';
import type { Tenant } from '../tenant/index.js';
import type { Answers } from '../types.js';
import { Refused } from './refusal.js';

/** The answer to a POST of an array, or to a DELETE. */
export function change(
  endpoint: Endpoint,
  tenant: Tenant,
  request: SandboxRequest,
  id: string | undefined,
  answers: Answers,
): SandboxReply {
  const query = readQuery(request.query);
  try {
    if (request.method === 'POST' && id === undefined && endpoint.post !== undefined) {
      const rows = rowsIn(request.body);
      const posted = rows.map((row) => kept(tenant, request, row, endpoint.post?.(tenant, row, query) as Posted));
      return answered(posted, query.flag('returnall') ? 'array' : answers);
    }
    if (request.method === 'DELETE' && /^\d{1,10}$/.test(id ?? '') && endpoint.remove !== undefined)
      return json(kept(tenant, request, {}, endpoint.remove(tenant, Number(id), query)).row);
    return empty(405);
  } catch (fault) {
    if (!(fault instanceof Refused)) throw fault;
    return fault.body === undefined
      ? empty(fault.status)
      : { status: fault.status, headers: { 'content-type': 'application/json' }, body: fault.body };
  }
}

/** Accepts only an array of records. */
function rowsIn(body = ''): Row[] {
  let parsed: Json | undefined;
  try {
    parsed = JSON.parse(body) as Json;
  } catch {
    parsed = undefined;
  }
  if (Array.isArray(parsed) && parsed.length > 0) return parsed as Row[];
  const fault = {
    ClassName: 'System.Exception',
    Message: 'Cannot deserialize the current JSON object.',
    HResult: -2146233088,
  };
  throw new Refused(400, JSON.stringify(fault));
}

function kept(tenant: Tenant, { method, path }: SandboxRequest, row: Row, posted: Posted): Posted {
  const { ticket, id } = posted;
  const word = `/${path.split('/')[2] ?? ''}`;
  tenant.changes.log.push({ method: method as 'POST' | 'DELETE', path: word, row, ticket, id });
  return posted;
}

/** Only the last of several is returned. */
function answered(posted: readonly Posted[], answers: Answers): SandboxReply {
  const last = posted.at(-1);
  if (last === undefined) return empty(204);
  if (answers === 'array') return json(posted.map(({ row }) => row));
  return answers === 'list' ? json({ [last.key]: [last.row] }) : json(last.row, 201);
}
