/** The server inside the test's own process: the same MCP with the same bytes, without a process for each session. */
import { PassThrough } from 'node:stream';
import { parseArgs } from 'node:util';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { identity } from '../cli/identity.js';
import { bundled, ON_REQUEST } from '../cli/packs.js';
import { forEach, loadConfig, settingsOf, usualLimit, writes } from '../config/index.js';
import type { Log } from '../core/define.js';
import type { Gate } from '../core/host/handlers/answering.js';
import { connect } from '../core/host/stdio/stdio.js';
import { GuardedTransport } from '../core/host/stdio/transport.js';
import { createLog } from '../core/log.js';
import { Redactor } from '../core/output/redact.js';
import type { Session as Caller } from '../core/session.js';
import type { Settings } from '../core/settings.js';
import { sessionOf } from '../kit/session.js';
import { AREA_SCOPES } from '../sandbox/http/scopes.js';
import { startSandbox } from '../sandbox/index.js';
import type { TenantName } from '../sandbox/tenant/variants.js';
import { expectNoLeak, secretsOf } from './faults/canary.js';
import { startOne } from './one.js';
import { over } from './over.js';
import { emptyFolder, type Session, type SessionOptions } from './session.js';

const silent: Log = { debug() {}, info() {}, warn() {}, error() {} };

/**
 * A client of this session, new or given, over the bytes that stdio would carry. `onBytes` sees what the server writes.
 */
export async function connected(
  session: Caller,
  gate: Gate = { log: silent, redactor: new Redactor() },
  onBytes = (_bytes: string): void => {},
  client = new Client({ name: 'halo-mcp-test', version: '1' }),
): Promise<Client> {
  const [input, output] = [new PassThrough(), new PassThrough()];
  output.on('data', (bytes: Buffer) => onBytes(String(bytes)));
  const { instructions } = session;
  const wire = new GuardedTransport(input, output, gate.log);
  await connect(wire, { ready: Promise.resolve(session), instructions }, identity, gate);
  await client.connect(over(output, input));
  return client;
}

/**
 * Like `openSession`, inside this process: for tests that are not about the process, its environment, its streams or
 * plugin files. It takes `--sandbox`, `--tenant` and `--config`.
 */
export async function openInside({
  args = ['--sandbox'],
  env = {},
  cwd = emptyFolder(),
  secrets = [],
}: SessionOptions = {}): Promise<Session> {
  const { values } = parseArgs({
    args,
    options: { sandbox: { type: 'boolean' }, tenant: { type: 'string' }, config: { type: 'string' } },
  });
  const config = await loadConfig({ file: values.config, env, cwd, onRequest: ON_REQUEST });
  const settings = settingsOf(config);
  const tenant = values.tenant as TenantName | undefined;
  const halo = values.sandbox ? await sandboxOf(tenant, writes(settings)) : undefined;
  const redactor = new Redactor();
  let [stdout, stderr] = ['', ''];
  const write = (line: string) => {
    stderr += line;
    return true;
  };
  const log = createLog(config.log.level, redactor, { write } as unknown as NodeJS.WritableStream);
  const core = await startOne(halo === undefined ? settings : unhurried(settings), {
    ...{ log, redactor, bundled, self: {} },
    connect: halo && (async () => halo),
  });
  for (const warning of core.server.warnings) log.warn({}, warning);
  const client = await connected(core, { log, redactor }, (bytes) => {
    stdout += bytes;
  });
  const session = sessionOf(client, () => stderr) as unknown as Session;
  return {
    ...session,
    stdout: () => stdout,
    async close() {
      await session.close();
      await halo?.close();
      expectNoLeak({ stdout, stderr }, [...secretsOf(env), ...secrets]);
    },
  };
}

/** The sandbox that `--sandbox` starts, but without its process. */
async function sandboxOf(tenant: TenantName | undefined, edit: boolean) {
  const scopes = edit ? [...AREA_SCOPES] : AREA_SCOPES.filter((scope) => scope.startsWith('read:'));
  const { url, clientId, clientSecret, close } = await startSandbox({
    ...{ scopes, requestsPer5Minutes: 1_000_000 },
    ...(tenant !== undefined && { tenant }),
  });
  return { apiUrl: `${url}/api`, tokenUrl: `${url}/auth/token`, clientId, clientSecret, close };
}

/** The sandbox needs no request limit unless the config sets one. */
const unhurried = (settings: Settings): Settings =>
  forEach(settings, ({ requestsPer5Minutes: most }) => ({
    requestsPer5Minutes: most === usualLimit() ? 1_000_000 : most,
  }));
