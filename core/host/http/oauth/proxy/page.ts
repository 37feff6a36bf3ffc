import type { IncomingMessage, ServerResponse } from 'node:http';
import { isLoopback } from '../../../../loopback.js';
import type { Headers } from '../../answer.js';
import { headerOf } from '../../names.js';

const CSS = `
:root { color-scheme: light dark; --ground: #f4f5f7; --card: #fff; --ink: #1d2126; --quiet: #5b6470; --line: #d9dde3; --go: #14568a }
@media (prefers-color-scheme: dark) { :root { --ground: #15181c; --card: #1f242a; --ink: #e8eaed; --quiet: #a5adb8; --line: #38404a; --go: #2f76ad } }
* { box-sizing: border-box }
body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--ground); margin: 0; padding: 1rem; overflow-wrap: anywhere }
main { background: var(--card); border: 1px solid var(--line); border-radius: 8px; max-width: 36rem; margin: 8vh auto 0; padding: 1.5rem }
h1 { font-size: 1.35rem; line-height: 1.3; margin: 0 0 1rem }
dl { margin: 0; border-top: 1px solid var(--line) }
dt { color: var(--quiet); font-size: .875rem; padding-top: .6rem }
dd { margin: 0; padding-bottom: .6rem; border-bottom: 1px solid var(--line) }
small { display: block; color: var(--quiet); font-size: .875rem }
form { display: flex; flex-wrap: wrap; gap: .75rem }
button { font: inherit; padding: .6rem 1.2rem; border-radius: 6px; border: 1px solid var(--line); background: none; color: inherit; cursor: pointer }
button[value=approve] { background: var(--go); border-color: var(--go); color: #fff; font-weight: 600 }`;

const escaped = (text: string) => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** Keeps the page to itself: no script, no frame around it. `same-origin` lets the form tell where it came from. */
const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
  'x-frame-options': 'DENY',
  'referrer-policy': 'same-origin',
};

/** Answers with a page. */
export function answerPage(res: ServerResponse, status: number, html: string, headers: Headers = {}): void {
  const page = Buffer.from(html);
  res.writeHead(status, { ...headers, ...PAGE_HEADERS, 'content-length': page.length }).end(page);
}

/** Whether whoever asks would rather see a page: a person's browser, not a client. */
export const wantsPage = (req: IncomingMessage): boolean => /\btext\/html\b/.test(headerOf(req, 'accept') ?? '');

const pageOf = (heading: string, rest: string) => `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Halo PSA: sign in</title><style>${CSS}</style>
<main><h1>${escaped(heading)}</h1>
${rest}
</main></html>
`;

/** What a person is asked. All that the client says about itself is mere text. */
export interface Question {
  client: string;
  clientId: string;
  /** The address that the browser is sent back to. */
  to: string;
  /** Where the person signs in. */
  at: string;
  ticket: string;
}

/** Who owns an address, in plain words: the address of a local page or an app says too little. */
function ownerOf(address: string): string {
  const { protocol, hostname, host } = new URL(address);
  if (isLoopback(hostname)) return 'A program on this computer';
  return /^https?:$/.test(protocol) ? host : `The app for ${protocol}// addresses`;
}

/** Asks a person whether a client may use the server in their name. */
export function consentPage({ client, clientId, to, at, ticket }: Question): string {
  const described = URL.canParse(clientId) && `Described at ${escaped(clientId)}`;
  const rows = [
    ['Client', client, described || 'That is what it calls itself; nobody has checked it.'],
    ['You will be sent back to', ownerOf(to), escaped(to)],
    ['You will sign in at', new URL(at).host, ''],
  ] as const;
  const list = rows.map(
    ([term, what, more]) => `<dt>${term}</dt><dd>${escaped(what)}${more && `<small>${more}</small>`}</dd>`,
  );
  return pageOf(
    'Let this client use Halo PSA in your name?',
    `<dl>${list.join('')}</dl>
<p>Continue only if you have just asked for this yourself, in that client.</p>
<form method="post" action="/oauth/consent"><input type="hidden" name="ticket" value="${escaped(ticket)}"><button name="action" value="approve">Continue to sign-in</button><button name="action" value="deny">Cancel</button></form>`,
  );
}

/** Tells a person why a sign-in ended here. */
export const refusalPage = (message: string): string =>
  pageOf(
    'This sign-in can’t go on',
    `<p>${escaped(message)}</p>
<p>Nobody was signed in. You can close this page and start again in the client that sent you here.</p>`,
  );
