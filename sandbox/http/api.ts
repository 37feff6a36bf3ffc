import type { Endpoint } from '../endpoints/define.js';
import type { Row } from '../json.js';
import { BadValue, readQuery } from '../query.js';
import type { SandboxReply, SandboxRequest } from '../request.js';
import { haloDate } from '../tenant/clock.js';
import type { Tenant } from '../tenant/index.js';
import type { Answers } from '../types.js';
import { change } from '../writes/change.js';
import { badValue, empty, json, tooMany } from './replies.js';
import { covers } from './scopes.js';

interface Api {
  /** The sandbox's address, for the discovery pages. */
  url(): string;
  tenant(): Tenant;
  endpoints: ReadonlyMap<string, Endpoint>;
  admit(at: number): boolean;
  /** The shape in which a written record comes back. */
  answers: Answers;
}

/** POST and DELETE, if the endpoint takes them and the token may edit. */
function write(
  api: Api,
  endpoint: Endpoint,
  { id, request, scopes }: { id: string | undefined; request: SandboxRequest; scopes: readonly string[] },
): SandboxReply {
  const takes = request.method === 'POST' ? endpoint.post : request.method === 'DELETE' ? endpoint.remove : undefined;
  if (takes === undefined || (id === undefined) !== (request.method === 'POST')) return empty(405);
  const edit = endpoint.scope?.replace(/^read:/, 'edit:');
  if (edit !== undefined && !(scopes.includes(edit) || scopes.includes('all'))) return empty(403);
  return change(endpoint, api.tenant(), request, id, api.answers);
}

/** One request under /api, in Halo's order: limit, open pages, token, route, scope, method. */
export function answerApi(api: Api, request: SandboxRequest, scopes: readonly string[] | undefined): SandboxReply {
  if (!api.admit(request.at)) return tooMany();
  const [, route = '', id, ...rest] = request.path.split('/').filter(Boolean);
  const name = route.toLowerCase();
  const open = request.method === 'GET' && id === undefined ? OPEN[name] : undefined;
  if (open !== undefined) return json(open(api));
  if (scopes === undefined || scopes.length === 0) return empty(401);
  const endpoint = api.endpoints.get(name);
  // Halo itself may have the endpoint, so the answer says that only the sandbox lacks it.
  if (endpoint === undefined) return { ...empty(404), headers: { [LACKS]: 'endpoint' } };
  if (rest.length > 0) return empty(404);
  if (endpoint.scope !== undefined && !covers(scopes, endpoint.scope)) return empty(403);
  try {
    if (request.method !== 'GET') return write(api, endpoint, { id, request, scopes });
    if (endpoint.answer !== undefined) {
      const own = endpoint.answer(request);
      return own === undefined ? empty(404) : json(own);
    }
    return id === undefined
      ? json(endpoint.list(api.tenant(), readQuery(request.query)))
      : record(api, endpoint, id, request);
  } catch (fault) {
    if (fault instanceof BadValue) return badValue(fault.parameter, fault.value);
    throw fault;
  }
}

function record(api: Api, endpoint: Endpoint, id: string, request: SandboxRequest): SandboxReply {
  if (endpoint.detail === undefined) return empty(404);
  if (!/^-?\d{1,10}$/.test(id)) return badValue('id', id);
  const found = endpoint.detail(api.tenant(), Number(id), readQuery(request.query));
  return found === undefined ? empty(404) : json(found);
}

/** Says that the sandbox lacks an endpoint which Halo may have. */
const LACKS = 'x-sandbox-lacks';

const TENANT_ID = 'harbourlight';

/** Answered without a token. */
const OPEN: Record<string, (api: Api) => Row> = {
  authinfo: (api) => ({ auth_url: `${api.url()}/auth`, tenant_id: TENANT_ID }),
  instanceinfo: (api) => ({
    ...{ dbid: '7c1f6a0e-52c5-4d5e-9d0d-0f0a4d0e1b11', app_version: '2.236.133', database_version: '2236' },
    ...{ agent_count: 0, licensed_agent_count: 0, online_agent_count: 0 },
    ...{ last_login: haloDate(api.tenant().clock.now), last_task_run: haloDate(api.tenant().clock.now) },
    ...{ app_name: 'Halo PSA', agent_url: api.url(), portal_url: `${api.url()}/portal/` },
    ...{ auth_url: `${api.url()}/auth`, tenant_id: TENANT_ID, hosted_group: 'Sandbox', mobileapp_enabled: true },
    ...{ nhserver_version: '1364.01', teams_chat_profile: '', teamsbot_enabled: false },
  }),
};
