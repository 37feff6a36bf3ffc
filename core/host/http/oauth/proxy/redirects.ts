import { isLoopback } from '../../../../loopback.js';

/** Where the known clients want to be sent back to, as each documents it. */
const KNOWN: readonly RegExp[] = [
  /^https:\/\/claude\.(?:ai|com)\/api\/mcp\/auth_callback$/,
  /^https:\/\/chatgpt\.com\/(?:connector_platform_oauth_redirect|connector\/oauth\/[\w-]+)$/,
  /^https:\/\/(?:insiders\.)?vscode\.dev\/redirect$/,
  /^cursor:\/\/anysphere\.cursor-mcp\/oauth\/callback$/,
];

/** A page on the caller's own machine, read as the browser will read it; undefined for anything else. */
function own(uri: string): URL | undefined {
  if (!URL.canParse(uri)) return undefined;
  const url = new URL(uri);
  const isPlain = url.username === '' && url.password === '' && url.hash === '' && !uri.includes('#');
  return url.protocol === 'http:' && isLoopback(url.hostname) && isPlain ? url : undefined;
}

/** True if a client may be sent back there: its user's machine, a known client, or what the operator lists. */
export const isAllowed = (uri: string, listed: readonly string[]): boolean =>
  own(uri) !== undefined || listed.includes(uri) || KNOWN.some((known) => known.test(uri));

/** True for a registered one, letter by letter; on the user's own machine at any port (RFC 8252, 7.3). */
export function isRegistered(uri: string, registered: readonly string[]): boolean {
  if (registered.includes(uri)) return true;
  const url = own(uri);
  if (url === undefined) return false;
  url.port = '';
  return registered.some((one) => {
    const other = own(one);
    if (other !== undefined) other.port = '';
    return other?.href === url.href;
  });
}
