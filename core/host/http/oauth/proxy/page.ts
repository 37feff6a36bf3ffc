const CSS =
  'body{font:16px/1.5 system-ui,sans-serif;max-width:34rem;margin:12vh auto;padding:0 1rem;color:#222}code{word-break:break-all}button{font:inherit;padding:.5rem 1.2rem;margin-right:.5rem}';

const escaped = (text: string) => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** Keeps the page to itself: no script, no frame around it. `same-origin` lets the form tell where it came from. */
export const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
  'x-frame-options': 'DENY',
  'referrer-policy': 'same-origin',
};

/** Asks a person whether a client may use the server in their name. What the client said of itself is only text. */
export const consentPage = (asked: {
  client: string;
  clientId: string;
  to: string;
  ticket: string;
}): string => `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Halo PSA: sign in</title><style>${CSS}</style>
<h1>Let a client read Halo PSA?</h1>
<p>A client that calls itself <b>${escaped(asked.client)}</b> asks to use the Halo PSA MCP server in your name. You will be sent back to <code>${escaped(asked.to)}</code>.</p>
${/^https?:/.test(asked.clientId) ? `<p>It is described at <code>${escaped(asked.clientId)}</code>.</p>` : '<p>Nobody has checked that name.</p>'}
<p>Go on only if you have just asked for this yourself.</p>
<form method="post" action="/oauth/consent"><input type="hidden" name="ticket" value="${escaped(asked.ticket)}"><button name="action" value="approve">Go on and sign in</button><button name="action" value="deny">Cancel</button></form>
</html>
`;
