import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { placeOf, shownHost } from '../../core/host/http/address.js';
import { changeTokens, TOKEN_NAME } from '../../core/host/http/tokens/file.js';
import { digestOf, newToken } from '../../core/host/http/tokens/token.js';
import { beside } from '../identity.js';
import { complain, print, UsageError } from '../print.js';
import { expiryOf } from '../token/expiry.js';
import { isThere, replaceFile } from '../write-file.js';
import { type Answers, answersOf, type InitFlags } from './answers.js';
import { type ClientName, launch } from './clients.js';
import { configDraft, type Draft, writeSecret } from './files.js';
import type { Questions } from './questions.js';

/** What init has for one client and for a team alike. */
interface Shared {
  configOf(answers: Answers): object;
  scopesOf(content: object, file: string): Promise<string[]>;
  agree(draft: Draft, what: string, flags: InitFlags, ask: Questions | undefined): Promise<void>;
}

const USUAL = { host: '127.0.0.1', port: 8787 };
/** The path at which MCP is served. */
const PATH = '/mcp';
const TOKENS = 'halo-mcp.tokens.json';
const GOOD_FOR = '90d';

/**
 * `halo-mcp init --http`: writes the config, the secret's file, the first token and a systemd unit beside them, and
 * shows what a client needs. The token is alone on the last line of stdout, as with `token new`.
 */
export async function initTeam(flags: InitFlags, ask: Questions | undefined, shared: Shared): Promise<void> {
  if (flags.customer !== undefined)
    throw new UsageError('With --http the config holds all customers: add them with init --customer, without --http.');
  const idle = [...(flags.write ? ['--write'] : []), ...(flags.name === undefined ? [] : ['--name'])];
  if (idle.length > 0)
    throw new UsageError(
      `${idle.join(', ')} is for a client's configuration, which init --http only shows. Leave it out.`,
    );
  const place = typeof flags.http === 'string' ? placeOf(flags.http, USUAL) : USUAL;
  if (place === undefined)
    throw new UsageError(`--http ${flags.http} is not an address. Write HOST:PORT, such as 127.0.0.1:8787.`);
  const listen = `${shownHost(place.host)}:${place.port}`;
  const publicUrl = publicUrlOf(flags.publicUrl);
  const name = flags.token ?? 'first';
  if (!TOKEN_NAME.test(name))
    throw new UsageError(
      `"${name.slice(0, 80)}" is not a valid token name: use letters, digits, dots, hyphens, underscores and @.`,
    );
  const path = resolve(flags.config);
  const answers = await answersOf(
    {
      ...flags,
      secretFile: flags.secretFile ?? resolve(dirname(path), 'halo-mcp.secret'),
      client: flags.client ?? 'none',
      write: false,
    },
    process.env,
    ask,
    { kept: false, scopesOf: (packs) => shared.scopesOf({ plugins: packs }, path) },
  );
  const content = {
    ...shared.configOf(answers),
    halo: { instanceUrl: answers.instanceUrl, clientId: answers.clientId },
    http: {
      tokens: TOKENS,
      ...(publicUrl !== undefined && { hosts: [publicUrl.host], trustedProxies: ['127.0.0.1'] }),
    },
  };
  const scopes = await shared.scopesOf(content, path);
  const config = configDraft(path, content);
  const unit = resolve(dirname(path), 'halo-mcp.service');
  const secret = answers.secretFile as string;
  const service: Draft = {
    ...{ path: unit, exists: isThere(unit) },
    write: () => replaceFile(unit, unitOf({ config: path, secret, listen, behindProxy: place.host !== USUAL.host })),
  };
  await shared.agree(config, 'there is a config already', flags, ask);
  await shared.agree(service, 'there is a service file already', flags, ask);

  const token = await firstToken(resolve(dirname(path), TOKENS), name);
  if (answers.newSecret !== undefined) {
    writeSecret(secret, answers.newSecret);
    complain(`Wrote ${secret}, which only you can read.`);
  }
  for (const draft of [config, service]) {
    draft.write();
    complain(`Wrote ${draft.path}.`);
  }
  const url = publicUrl === undefined ? `http://${listen}${PATH}` : publicUrl.href;
  complain(`\nTick these scopes on the API application in Halo, and no others:\n${scopes.join('\n')}`);
  complain(`\nStart it:\n\n  sudo cp ${unit} /etc/systemd/system/ && sudo systemctl enable --now halo-mcp`);
  complain(`\nFor clients, with the token in place of TOKEN:\n\n${blockFor(answers.client, url)}`);
  complain(
    `\nThe token "${name}" is good for 90 days, and is shown this once. More: halo-mcp token new NAME --config ${path}`,
  );
  print(token);
}

/** @throws UsageError for an address that clients could not use */
function publicUrlOf(given: string | undefined): URL | undefined {
  if (given === undefined) return undefined;
  const url = URL.canParse(given) ? new URL(given) : undefined;
  const bare = url !== undefined && ['/', PATH].includes(url.pathname) && url.search === '' && url.username === '';
  if (url === undefined || url.protocol !== 'https:' || !bare)
    throw new UsageError(
      `--public-url ${given.slice(0, 200)} is not the address of a team server. Write https://mcp.example.com${PATH}.`,
    );
  url.pathname = PATH;
  return url;
}

/**
 * The first token, as `token new` makes one.
 * @throws UsageError if the name is taken
 */
async function firstToken(file: string, name: string): Promise<string> {
  const token = newToken();
  const entry = {
    ...{ name, sha256: digestOf(token).toString('hex'), created: new Date().toISOString() },
    expires: expiryOf(GOOD_FOR, Date.now()),
  };
  await changeTokens(file, (before) => {
    if (before.some((one) => one.name.toLowerCase() === name.toLowerCase()))
      throw new UsageError(`There is a token "${name}" already in ${file}. Choose another name with --token.`);
    return { tokens: [...before, entry], gives: undefined };
  });
  return token;
}

/** What goes into the service file. */
interface Unit {
  config: string;
  secret: string;
  listen: string;
  behindProxy: boolean;
}

/** The unit of docs/team, filled in for this installation and for this user, who owns the files. */
function unitOf({ config, secret, listen, behindProxy }: Unit): string {
  const template = readFileSync(fileURLToPath(new URL('../docs/team/halo-mcp.service', beside('halo-mcp.js'))), 'utf8');
  const { command, args } = launch(config);
  const [server = [], own = []] = [args.slice(0, -2), args.slice(-2)];
  const line = [
    command,
    ...server,
    'serve',
    '--http',
    listen,
    ...(behindProxy ? ['--behind-proxy'] : []),
    '--metrics',
    ...own,
  ];
  const folder = dirname(config);
  const inHome = [config, secret, ...server].some((file) => /^\/(?:home|root)\//.test(file));
  return template
    .replace(/^# .*\n# .*\n/, '# systemd: /etc/systemd/system/halo-mcp.service. Written by `halo-mcp init --http`.\n')
    .replace(/^ExecStart=.*$/m, `ExecStart=${line.map(quoted).join(' ')}`)
    .replace(/^WorkingDirectory=.*$/m, `WorkingDirectory=${folder.replaceAll('%', '%%')}`)
    .replace(/^LoadCredential=.*$/m, `LoadCredential=${quoted(`halo-secret:${secret}`)}`)
    .replace(/^User=.*$/m, `User=${userInfo().username}`)
    .replace(/^ProtectHome=.*$/m, `ProtectHome=${inHome ? 'read-only' : 'yes'}`);
}

/** Quotes a word for a systemd command line. */
const quoted = (word: string): string => {
  const plain = word.replaceAll('%', '%%').replaceAll('$', '$$$$');
  return /[\s"'\\;]/.test(plain) ? `"${plain.replace(/["\\]/g, '\\$&')}"` : plain;
};

/** How to add the server to each client that can send a header. */
function blockFor(client: ClientName | undefined, url: string): string {
  if (client === 'claude-desktop')
    return 'Claude Desktop takes no team server with a token. Set it up on that machine with init, without --http.';
  if (client === 'claude-code' || client === undefined)
    return `claude mcp add --transport http halo ${url} --header "Authorization: Bearer TOKEN"`;
  const headers = { Authorization: 'Bearer TOKEN' };
  const blocks = {
    cursor: { mcpServers: { halo: { url, headers } } },
    windsurf: { mcpServers: { halo: { serverUrl: url, headers } } },
    vscode: { servers: { halo: { type: 'http', url, headers } } },
  };
  return JSON.stringify(blocks[client], null, 2);
}
