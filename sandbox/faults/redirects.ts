import type { FaultKind } from './kind.js';

const here = (status: number): FaultKind => ({
  does: `a redirect with ${status} to another path of the same host`,
  on: 'api',
  spoil: ({ url }) => ({ status, headers: { location: `${url}/elsewhere` } }),
});

/** `localhost` counts as a host other than 127.0.0.1 but leads back here, where a client that follows is noticed. */
const away = (status: number): FaultKind => ({
  does: `a redirect with ${status} to another host: \`to\`, or this sandbox under the name localhost`,
  on: 'api',
  spoil({ url, settings }) {
    const host = settings.to ?? url.replace('127.0.0.1', 'localhost');
    return { status, headers: { location: `${host}/elsewhere` } };
  },
});

/** Redirects of each code. */
export const redirects = {
  ...{ 301: here(301), 302: here(302), 303: here(303), 307: here(307), 308: here(308) },
  ...{ '301-away': away(301), '302-away': away(302), '303-away': away(303) },
  ...{ '307-away': away(307), '308-away': away(308) },
} as const;
