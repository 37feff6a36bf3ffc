import type { Json } from '../json.js';
import type { SandboxReply } from '../request.js';

/** Halo's own words for its limit, whatever the limit is today. */
const LIMIT_TEXT = 'Rate Limit Reached - 300 Requests per rolling 5 minute window';

/** 401, 403, 404 and 405 come with an empty body. */
export const empty = (status: number): SandboxReply => ({ status });

export const json = (body: Json, status = 200): SandboxReply => ({
  status,
  headers: { 'content-type': 'application/json; charset=utf-8' },
  body: JSON.stringify(body),
});

export const tooMany = (): SandboxReply => ({
  status: 429,
  headers: { 'content-type': 'text/plain' },
  body: LIMIT_TEXT,
});

/** What .NET's model binding answers to a value of the wrong type. */
export const badValue = (name: string, value: string): SandboxReply =>
  json({ [name]: [`The value '${value}' is not valid.`] }, 400);

const openIddict = (status: number, error: string, description: string, id: string): SandboxReply =>
  json(
    {
      error,
      error_description: description,
      error_uri: `https://documentation.openiddict.com/errors/${id}`,
    },
    status,
  );

export const invalidClient = () =>
  openIddict(401, 'invalid_client', 'The specified client credentials are invalid.', 'ID2055');
export const invalidRequest = () => openIddict(400, 'invalid_request', 'The mandatory parameter is missing.', 'ID2029');
export const invalidScope = () =>
  openIddict(400, 'invalid_scope', "The specified 'scope' parameter is not valid.", 'ID2052');
export const unsupportedGrant = () =>
  openIddict(400, 'unsupported_grant_type', "The specified 'grant_type' parameter is not supported.", 'ID2032');
