import { didYouMean } from '../../config/index.js';
import type { Rights } from '../../core/host/http/principal.js';
import {
  BadTokens,
  changeTokens,
  markOf,
  readTokens,
  TOKEN_NAME,
  type TokenEntry,
} from '../../core/host/http/tokens/file.js';
import { digestOf, newToken } from '../../core/host/http/tokens/token.js';
import type { Server } from '../../core/server.js';
import { complain, Failure, print, UsageError } from '../print.js';
import { prepare } from '../start.js';
import { table } from '../table.js';
import { expiryOf } from './expiry.js';
import { tokensFile } from './file.js';

interface ConfigFlags {
  config?: string | undefined;
}

interface NewFlags extends ConfigFlags {
  customer?: string[];
  packs?: string;
  tools?: string;
  expires: string;
}

/** `halo-mcp token new`: prints the token alone on the last line of stdout, and the rest on stderr. */
export async function newTokenCommand(
  name: string,
  { config, customer, packs, tools, expires }: NewFlags,
): Promise<void> {
  if (!TOKEN_NAME.test(name))
    throw new UsageError(
      `"${name.slice(0, 80)}" is not a valid token name: use up to 64 letters, digits, dots, hyphens, underscores and @, starting with a letter or a digit.`,
    );
  const until = expiryOf(expires, Date.now());
  const { path, load, stop } = await opened(config);
  const rights = checked(await load(), {
    customers: customer && [...new Set(customer)],
    packs: listOf('--packs', packs),
    tools: listOf('--tools', tools),
  });
  stop();
  const token = newToken();
  const entry: TokenEntry = {
    ...{ name, sha256: digestOf(token).toString('hex') },
    ...(rights as Partial<TokenEntry>),
    ...{ created: new Date().toISOString(), expires: until },
  };
  await changed(path, (before) => {
    if (before.some((one) => one.name.toLowerCase() === name.toLowerCase()))
      throw new UsageError(
        `There is a token "${name}" already. Revoke it first (halo-mcp token revoke ${name}), or choose another name.`,
      );
    return { tokens: [...before, entry], gives: undefined };
  });
  complain(
    `The token "${name}" ${until === null ? 'never expires' : `is valid until ${until.slice(0, 10)}`}. It is shown this once: keep it like a password.`,
  );
  complain(`Only its digest is kept, in ${path}.`);
  print(token);
}

/** `halo-mcp token list`. */
export async function listTokens({ config, json = false }: ConfigFlags & { json?: boolean }): Promise<void> {
  const { path, stop } = await opened(config);
  stop();
  const tokens = (await markOf(path)) === undefined ? [] : await failing(path, () => readTokens(path));
  const shown = tokens.map(({ sha256: _, ...entry }) => ({ ...entry, expired: isExpired(entry) }));
  if (json) return print(JSON.stringify(shown, null, 2));
  if (shown.length === 0) return print('There is no token. `halo-mcp token new NAME` makes one.');
  print(
    table(
      ['name', 'customers', 'packs', 'tools', 'created', 'expires'],
      shown.map(({ name, customers, packs, tools, created, expires, expired }) => [
        name,
        customers?.join(', ') ?? 'the only one',
        packs?.join(', ') ?? 'all',
        tools?.join(', ') ?? 'all',
        created.slice(0, 10),
        `${expires?.slice(0, 10) ?? 'never'}${expired ? ' (expired)' : ''}`,
      ]),
    ),
  );
}

/** `halo-mcp token revoke`. */
export async function revokeToken(name: string, { config }: ConfigFlags): Promise<void> {
  const { path, stop } = await opened(config);
  stop();
  if ((await markOf(path)) === undefined)
    throw new Failure(`There is no file of tokens at ${path}, so there is nothing to revoke.`);
  await changed(path, (before) => {
    const left = before.filter((one) => one.name !== name);
    const names = before.map((one) => one.name);
    if (left.length === before.length)
      throw new Failure(`There is no token "${name.slice(0, 80)}".${didYouMean(name.slice(0, 80), names)}`);
    return { tokens: left, gives: undefined };
  });
  print(`The token "${name}" is revoked. A server that runs turns it down within a second.`);
}

async function opened(config: string | undefined) {
  const { settings, http, load, stop } = await prepare({ config }, { quiet: true, all: true });
  const path = tokensFile(settings, http);
  if (path === undefined)
    throw new UsageError(
      'The tokens are kept beside the config, and no config was named. Add --config FILE, or set HALO_MCP_CONFIG.',
    );
  return { path, load, stop };
}

const changed = <T>(path: string, change: Parameters<typeof changeTokens<T>>[1]): Promise<T> =>
  failing(path, () => changeTokens(path, change));

/** @throws Failure with our own words for errors of the token file or the system */
async function failing<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof BadTokens)
      throw new Failure(`The file of tokens, ${path}: ${error.message}. Nothing was changed.`);
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (syscall !== undefined)
      throw new Failure(`The file of tokens, ${path}, can't be written (${code}). Check the folder and its rights.`);
    throw error;
  }
}

function listOf(flag: string, text: string | undefined): string[] | undefined {
  if (text === undefined) return undefined;
  const names = [
    ...new Set(
      text
        .split(',')
        .map((one) => one.trim())
        .filter(Boolean),
    ),
  ];
  if (names.length === 0)
    throw new UsageError(`${flag} names nothing. Write names with commas between them, or leave it out for all.`);
  return names;
}

/**
 * What the token may use, with each name checked against this server's.
 * @throws UsageError with the nearest name
 */
function checked(server: Server, { customers, packs, tools }: Rights): Rights {
  if (customers === undefined && server.customers.length > 1)
    throw new UsageError(
      `The config names ${server.customers.length} customers: say which the token is for, with --customer NAME, more than once for several. Customers: ${server.customers.join(', ')}.`,
    );
  known('--customer', customers, server.customers);
  const catalogs = (customers ?? server.customers).map((name) => server.customer(name).catalog);
  known(
    '--packs',
    packs,
    catalogs.flatMap((one) => one.packs.map(({ card }) => card.name)),
  );
  const on = catalogs.flatMap((one) => one.on.filter(({ pack }) => packs?.includes(pack) ?? true));
  known(
    '--tools',
    tools,
    on.map(({ tool }) => tool.name),
  );
  return { ...(customers && { customers }), ...(packs && { packs }), ...(tools && { tools }) };
}

function known(flag: string, names: readonly string[] | undefined, all: readonly string[]): void {
  const stranger = names?.find((name) => !all.includes(name));
  if (stranger === undefined) return;
  throw new UsageError(
    `${flag} names "${stranger.slice(0, 80)}", which is not on here.${didYouMean(stranger.slice(0, 80), all)} There are: ${[...new Set(all)].join(', ')}.`,
  );
}

const isExpired = ({ expires }: Pick<TokenEntry, 'expires'>): boolean =>
  expires !== null && Date.parse(expires) <= Date.now();
