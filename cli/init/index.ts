import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { ConfigFile, decisionsIn, NAMELESS, settingsFrom } from '../../config/index.js';
import { createLog } from '../../core/log.js';
import { Redactor } from '../../core/output/redact.js';
import { createServer } from '../../core/server.js';
import { beside, identity, self } from '../identity.js';
import { bundled, ON_REQUEST } from '../packs.js';
import { isInteractive, print, say, UsageError } from '../print.js';
import { started } from '../start.js';
import { type Answers, answersOf, type InitFlags, secretName } from './answers.js';
import { type Block, CLIENTS, launch } from './clients.js';
import { addCustomer } from './customer.js';
import { isOfStore } from './desktop.js';
import { configThere, keptLine } from './existing.js';
import { clientDraft, configDraft, type Draft, writeSecret } from './files.js';
import { isPassing } from './node.js';
import type { Questions } from './questions.js';

/**
 * `halo-mcp init`: writes the config, shows or merges the client's block, names the scopes to tick, and runs the
 * doctor. The config holds only packs, narrowing and output. Address, client id and secret belong to the block, since a
 * config that is merely found may not decide them; if it turns on more than the defaults, init says so. Nothing is
 * written before every question is answered and agreed to.
 */
export async function initCommand(flags: InitFlags): Promise<void> {
  const ask = flags.yes ? undefined : await asking();
  if (flags.http !== undefined) return (await import('./team.js')).initTeam(flags, ask, { configOf, scopesOf, agree });
  const stray = (
    [
      ['--public-url', flags.publicUrl],
      ['--token', flags.token],
    ] as const
  ).filter(([, given]) => given !== undefined);
  if (stray.length > 0) throw new UsageError(`${stray.map(([flag]) => flag).join(', ')} is for a team. Add --http.`);
  const { customer } = flags;
  const path = resolve(flags.config);
  const kept = customer === undefined && !flags.overwrite ? await configThere(path) : undefined;
  if (kept !== undefined && ask !== undefined) say(`There is a config already: ${path}. It stays as it is.`);
  const answers = await answersOf(flags, process.env, ask, {
    kept: kept !== undefined,
    scopesOf: (packs) => scopesOf(kept ?? { plugins: packs }, path),
  });
  const inherits = ask === undefined && flags.packs === undefined;
  const added = customer === undefined ? undefined : await addCustomer(flags.config, customer, answers, inherits);
  const content =
    kept ?? (added ? { ...(added.isNew && { $schema: schemaFor() }), ...added.content } : configOf(answers));
  const name = flags.name ?? (customer === undefined ? 'halo' : `halo-${customer}`);
  const scopes = await scopesOf(added?.offer ?? content, path);
  const client = answers.client && CLIENTS[answers.client];
  const block: Block = { ...launch(path, customer), env: envOf(answers, customer, client?.variable) };
  const key = client?.key ?? 'mcpServers';
  const shown = key === 'servers' ? { type: 'stdio', ...block } : block;
  const showBlock = () =>
    print(
      `\nThe block for ${client?.title ?? 'your client'}:\n\n${JSON.stringify({ [key]: { [name]: shown } }, null, 2)}`,
    );
  const { config, merged } = orShow(showBlock, () => ({
    config: kept ? undefined : { ...configDraft(flags.config, content), ...(added && { exists: added.replaces }) },
    merged: client && answers.write ? clientDraft(client.file(), key, name, shown) : undefined,
  }));
  if (config)
    await agree(config, added ? `it has a customer "${customer}" already` : 'there is a config already', flags, ask);
  if (merged) await agree(merged, `it has a server "${name}" already`, flags, ask);

  if (answers.corrected !== undefined) say(answers.corrected);
  if (answers.secretFile !== undefined && answers.newSecret !== undefined) {
    writeSecret(answers.secretFile, answers.newSecret);
    say(`Wrote ${answers.secretFile}, which only you can read.`);
  }
  config?.write();
  say(kept ? keptLine(path, kept, configOf(answers), flags) : `Wrote ${path}.`);
  const [decision] = decisionsIn(content, ON_REQUEST);
  if (decision !== undefined)
    say(
      `It sets ${decision}, which only a config that is named may do: the block names it, and so must you, with --config ${path}.`,
    );
  merged?.write();
  if (merged) say(`Wrote ${merged.path}${storeNote(merged.path)}.`);
  else showBlock();
  say(`\nTick these scopes on the API application in Halo, and no others:\n${scopes.join('\n')}`);
  if (client)
    say(`\n${merged ? '' : `It belongs into ${client.file()}${storeNote(client.file())}. `}${client.restart}`);
  if (isPassing(block.command))
    say(
      `\nThe block names Node by a path with its version (${block.command}): after an upgrade of Node, run init again.`,
    );
  if (flags.doctor) await examine(block.env, path, customer);
}

const storeNote = (file: string) => (isOfStore(file) ? ', which Claude Desktop of the Windows Store reads' : '');

/** Drafts the files. If one can't be written, shows the block so that the person can still put it in by hand. */
function orShow<T>(showBlock: () => void, draft: () => T): T {
  try {
    return draft();
  } catch (error) {
    if (error instanceof UsageError) showBlock();
    throw error;
  }
}

async function asking(): Promise<Questions> {
  if (!isInteractive())
    throw new UsageError(
      'init asks questions, and this is not a terminal. Give the answers as flags with --yes; halo-mcp init --help lists them.',
    );
  return (await import('./questions.js')).questions();
}

/** Asks before a file is replaced. */
async function agree(draft: Draft, what: string, { overwrite }: InitFlags, ask: Questions | undefined): Promise<void> {
  if (!draft.exists || overwrite) return;
  if (ask === undefined)
    throw new UsageError(`${draft.path}: ${what}. Nothing was written; --overwrite replaces it and keeps a copy.`);
  if (!(await ask.overwrite(draft.path, what))) throw new UsageError('Left: nothing was written.');
}

const configOf = ({ packs, exclude, maxTokens }: Answers) => ({
  $schema: schemaFor(),
  plugins: packs,
  ...(exclude.length > 0 && { exclude }),
  ...(maxTokens !== undefined && { output: { maxTokens } }),
});

/**
 * Where editors find the config's schema: beside this server, or by version if that path may not last, as in npx's
 * cache.
 */
function schemaFor(): string {
  const file = fileURLToPath(new URL('../config/halo-mcp.schema.json', beside('halo-mcp.js')));
  if (isPassing(file) || !existsSync(file))
    return `https://unpkg.com/halo-psa-mcp@${identity.version}/config/halo-mcp.schema.json`;
  return process.platform === 'win32' ? pathToFileURL(file).href : file;
}

/** With a customer, the config holds what the block holds otherwise. */
function envOf(
  { instanceUrl, clientId, secretFile }: Answers,
  customer: string | undefined,
  inBlock = (name: string) => `\${${name}}`,
): Record<string, string> {
  const variable = secretName(customer);
  const secret: Record<string, string> = secretFile === undefined ? { [variable]: inBlock(variable) } : {};
  if (customer !== undefined) return secret;
  const file = secretFile !== undefined && { HALO_CLIENT_SECRET_FILE: secretFile };
  return { HALO_INSTANCE_URL: instanceUrl, HALO_CLIENT_ID: clientId, ...secret, ...file };
}

/**
 * The scopes to tick, by the same verdicts that the server uses.
 * @throws ConfigError for a tool that no pack has
 */
async function scopesOf(content: object, file: string): Promise<string[]> {
  const redactor = new Redactor();
  const { plugins, exclude, scopes } = ConfigFile.parse(content);
  const settings = settingsFrom({ plugins, exclude, scopes, file, named: true, directory: dirname(file) });
  const server = await createServer(settings, { log: createLog('silent', redactor), redactor, bundled, self });
  const { boxes } = started(server).customer.catalog;
  return boxes.length > 0 ? boxes : ['read:tickets, or any one that reads: the token needs one'];
}

/** Runs the doctor in the environment that the block gives. */
async function examine(env: Record<string, string>, config: string, customer: string | undefined): Promise<void> {
  const variable = secretName(customer);
  // The client would fill it in; here it is already.
  const { [variable]: filledIn, ...plain } = env;
  const strangers = customer === undefined ? [] : NAMELESS;
  const others = ['HALO_MCP_CUSTOMER', ...strangers, ...(filledIn === undefined ? [variable] : [])];
  for (const name of others) delete process.env[name];
  Object.assign(process.env, plain);
  print();
  const { doctorCommand } = await import('../doctor/index.js');
  await doctorCommand({ config, customer });
}
