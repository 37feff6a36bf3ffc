import { resolve } from 'node:path';
import { ConfigFile, decisionsIn, settingsFrom } from '../../config/index.js';
import { createLog } from '../../core/log.js';
import { Redactor } from '../../core/output/redact.js';
import { createServer } from '../../core/server.js';
import { self } from '../identity.js';
import { bundled, ON_REQUEST } from '../packs.js';
import { isInteractive, print, UsageError } from '../print.js';
import { started } from '../start.js';
import { type Answers, answersOf, type InitFlags } from './answers.js';
import { type Block, CLIENTS, launch } from './clients.js';
import { clientDraft, configDraft, type Draft, writeSecret } from './files.js';
import type { Questions } from './questions.js';

/**
 * `halo-mcp init`: writes the config, shows or merges the block of the client, names the scopes to tick, and lets the
 * doctor look. The config holds packs, narrowing and output alone: address, client id and secret belong to the block,
 * as a config that is merely found may not decide them (where it turns on more than the defaults, that is said). Nothing is written before all is answered and agreed to.
 */
export async function initCommand(flags: InitFlags): Promise<void> {
  const ask = flags.yes ? undefined : await asking();
  const answers = await answersOf(flags, process.env, ask);
  const content = configOf(answers);
  const scopes = await scopesOf(content);
  const block: Block = { ...launch(resolve(flags.config)), env: envOf(answers) };
  const client = answers.client && CLIENTS[answers.client];
  const showBlock = () =>
    print(
      `\nThe block for ${client?.title ?? 'your client'}:\n\n${JSON.stringify({ mcpServers: { [flags.name]: block } }, null, 2)}`,
    );
  const { config, merged } = orShow(showBlock, () => ({
    config: configDraft(flags.config, content),
    merged: client && answers.write ? clientDraft(client.file(), flags.name, block) : undefined,
  }));
  await agree(config, 'there is a config already', flags, ask);
  if (merged) await agree(merged, `it has a server "${flags.name}" already`, flags, ask);

  if (answers.secretFile !== undefined && answers.newSecret !== undefined) {
    writeSecret(answers.secretFile, answers.newSecret);
    print(`Wrote ${answers.secretFile}, which only you can read.`);
  }
  config.write();
  print(`Wrote ${config.path}.`);
  const [decision] = decisionsIn(content, ON_REQUEST);
  if (decision !== undefined)
    print(
      `It sets ${decision}, which only a config that is named may do: the block names it, and so must you, with --config ${config.path}.`,
    );
  merged?.write();
  if (merged) print(`Wrote ${merged.path}.`);
  else showBlock();
  print(`\nTick these scopes on the API application in Halo, and no others:\n${scopes.join('\n')}`);
  if (client) print(`\n${merged ? '' : `It belongs into ${client.file()}. `}${client.restart}`);
  if (flags.doctor) await examine(block.env, config.path);
}

/** What is to be written; where a file can't be, the person can still put the block in by hand. */
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
      'init asks questions, and this is no terminal. Give the answers as flags with --yes; halo-mcp init --help lists them.',
    );
  return (await import('./questions.js')).questions();
}

/** Nothing is replaced that nobody agreed to. */
async function agree(draft: Draft, what: string, { overwrite }: InitFlags, ask: Questions | undefined): Promise<void> {
  if (!draft.exists || overwrite) return;
  if (ask === undefined)
    throw new UsageError(`${draft.path}: ${what}. Nothing was written; --overwrite replaces it and keeps a copy.`);
  if (!(await ask.overwrite(draft.path, what))) throw new UsageError('Left: nothing was written.');
}

const configOf = ({ packs, exclude, maxTokens }: Answers) => ({
  plugins: packs,
  ...(exclude.length > 0 && { exclude }),
  ...(maxTokens !== undefined && { output: { maxTokens } }),
});

function envOf({ instanceUrl, clientId, secretFile }: Answers): Record<string, string> {
  const secret =
    secretFile === undefined
      ? // biome-ignore lint/suspicious/noTemplateCurlyInString: the client fills it in
        { HALO_CLIENT_SECRET: '${HALO_CLIENT_SECRET}' }
      : { HALO_CLIENT_SECRET_FILE: secretFile };
  return { HALO_INSTANCE_URL: instanceUrl, HALO_CLIENT_ID: clientId, ...secret };
}

/**
 * The scopes that the token will ask for, by the verdicts that serving uses.
 * @throws ConfigError where a tool is named that no pack has
 */
async function scopesOf(content: object): Promise<string[]> {
  const redactor = new Redactor();
  const { plugins, exclude, allowWrites } = ConfigFile.parse(content);
  const settings = settingsFrom({ plugins, exclude, allowWrites });
  const server = await createServer(settings, { log: createLog('silent', redactor), redactor, bundled, self });
  const { scopes } = started(server).customer;
  return scopes.length > 0 ? [...scopes] : ['read:tickets, or any one that reads: the token needs one'];
}

/** The doctor, in the very environment that the block gives. */
async function examine(env: Record<string, string>, config: string): Promise<void> {
  const { HALO_CLIENT_SECRET: _own, ...plain } = env;
  Object.assign(process.env, plain);
  if (plain.HALO_CLIENT_SECRET_FILE !== undefined) delete process.env.HALO_CLIENT_SECRET;
  print();
  const { doctorCommand } = await import('../doctor/index.js');
  await doctorCommand({ config });
}
