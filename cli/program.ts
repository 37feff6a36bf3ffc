import { Command, CommanderError } from 'commander';
import { didYouMean } from '../core/nearest.js';
import { withoutHaloSecret } from '../core/secret-form.js';
import { identity } from './identity.js';

/** True for a command that runs until it is stopped. */
let goesOn = false;

/** The value of an unknown option may be a secret, and clients keep what a server writes. */
const withoutValue = (text: string) => withoutHaloSecret(text.replace(/(unknown option '-[\w-]+)=[^']*'/, "$1'"));

/** The command `halo-mcp`. Each command's code is loaded when it is called. Exit codes: 0 fine, 1 failure, 2 usage or config. */
const program = new Command('halo-mcp')
  .description('Halo PSA for AI assistants: an MCP server. Without a command it serves on stdio.')
  .version(identity.version, '-v, --version')
  .enablePositionalOptions()
  .showHelpAfterError('(halo-mcp --help shows what there is)')
  .exitOverride()
  .configureOutput({ outputError: (text, write) => write(withoutValue(text)) });

const config = [
  '--config <file>',
  'config file; default: HALO_MCP_CONFIG, or halo-mcp.config.json / .yaml here',
] as const;
const customer = [
  '--customer <name>',
  'which customer, if the config names several; default: HALO_MCP_CUSTOMER',
] as const;
const tenant = ['--tenant <name>', 'tenant of the sandbox; docs/sandbox.md lists them'] as const;
const fault = [
  '--fault <name>',
  'a fault of the sandbox, as name:times@on (429, 500:2, html@/Invoice); repeatable; docs/sandbox.md lists them',
  collect,
] as const;

const own = [
  '--with <file>',
  'a module with endpoints, rows and scopes of your own for the sandbox; docs/plugins.md shows one',
] as const;

/** Adds the sandbox flags to a command. */
const onSandbox = (command: Command) =>
  command
    .option('--sandbox', 'use the embedded sandbox Halo: no account, invented data')
    .option(...tenant)
    .option(...fault)
    .option(...own);

onSandbox(
  program
    .command('serve', { isDefault: true })
    .description('serve MCP on stdin and stdout (the default), or for a team over HTTP')
    .option(...config)
    .option(...customer)
    .option('--http [address]', 'serve over HTTP at HOST:PORT; default 127.0.0.1:8787')
    .option('--behind-proxy', 'with --http: a proxy in front ends TLS, so others may reach the address')
    .option('--no-auth', 'with --http, on this machine only: nobody has to sign in')
    .option('--sessions', 'with --http: sessions, as in older revisions of MCP')
    .option('--metrics [address]', 'with --http: metrics for Prometheus on this machine; default 127.0.0.1:9464'),
).action(async (flags) => {
  await (await import('./serve.js')).serve(flags);
});

const tokens = program
  .command('token')
  .description('the tokens by which people and programs sign in to the team server (serve --http)')
  .enablePositionalOptions();

tokens
  .command('new')
  .description('make a token; it is printed once and kept nowhere')
  .argument('<name>', 'whose it is: letters, digits, dot, hyphen, underscore and @')
  .option(...config)
  .option('--customer <name>', 'which customer it is for, if the config names several; repeatable', collect)
  .option('--packs <names>', 'only these packs, separated by commas')
  .option('--tools <names>', 'only these tools, separated by commas')
  .option('--expires <time>', 'how long it is valid: 90d, 12h, 30m or never', '90d')
  .action(async (name, flags) => (await import('./token/index.js')).newTokenCommand(name, flags));

tokens
  .command('list')
  .description('list the tokens, and what each may use')
  .option(...config)
  .option('--json', 'as JSON')
  .action(async (flags) => (await import('./token/index.js')).listTokens(flags));

tokens
  .command('revoke')
  .description('revoke a token; a running server refuses it within a second')
  .argument('<name>', 'whose it is')
  .option(...config)
  .action(async (name, flags) => (await import('./token/index.js')).revokeToken(name, flags));

program
  .command('init')
  .description('set up a deployment: config, scopes to tick, and the block for your client')
  .option('--instance-url <url>', 'address of your Halo')
  .option('--client-id <id>', 'client ID of the API application')
  .option(
    '--secret-file <file>',
    'file of the client secret; made from HALO_CLIENT_SECRET if it is missing (halo-mcp.secret beside the config)',
  )
  .option('--secret-env', 'the secret stays in the environment variable HALO_CLIENT_SECRET')
  .option('--packs <names>', 'packs that are on, separated by commas')
  .option('--exclude <tools>', 'tools that are off, separated by commas')
  .option('--max-tokens <count>', 'longest answer')
  .option('--client <name>', 'client to set up: claude-desktop, claude-code, cursor, vscode, windsurf or none')
  .option('--write', "put the block into the client's configuration, not only show it")
  .option('--customer <name>', 'add this customer to a config of several, with its address and client ID')
  .option('--name <name>', 'name of the server in the client; default halo, or halo-CUSTOMER')
  .option('--config <file>', 'config file to write', 'halo-mcp.config.json')
  .option('--overwrite', 'replace an existing config or server, keeping a copy; otherwise the config stays')
  .option('--yes', 'ask nothing; everything without a flag takes its default')
  .option('--no-doctor', 'skip the doctor')
  .option(
    '--http [address]',
    'set up a server for the team: config, first token, service file, and the block for clients',
  )
  .option('--public-url <url>', 'with --http: the address that clients use, if a proxy with TLS is in front')
  .option('--token <name>', 'with --http: the name of the first token; default first')
  .action(async (flags) => (await import('./init/index.js')).initCommand(flags));

program
  .command('demo')
  .description('ask three questions of the sandbox through a real MCP session')
  .option(...tenant)
  .option(...fault)
  .action(async (flags) => (await import('./demo.js')).demo(flags));

program
  .command('sandbox')
  .description('an embedded Halo with invented data, to set a client up against; until Ctrl-C')
  .option('--port <number>', 'port on this machine; default: a free one')
  .option(...tenant)
  .option(...fault)
  .option(...own)
  .action(async (flags) => {
    await (await import('./sandbox.js')).sandboxCommand(flags);
    goesOn = true;
  });

program
  .command('tools')
  .description('the tools that are on and off')
  .option(...config)
  .option(...customer)
  .option('--why <name>', 'why one tool is on or off')
  .option('--tokens', 'what each tool costs in the list of tools')
  .option('--json', 'as JSON')
  .action(async (flags) => (await import('./tools.js')).toolsCommand(flags));

onSandbox(
  program
    .command('doctor')
    .description('what works and what does not, with the way out; for all customers, unless one is named')
    .option(...config)
    .option(...customer)
    .option('--writes', 'make a private note and remove it again: which of the switches of a write hold here')
    .option('--ticket <id>', 'the ticket for --writes')
    .option('--yes', 'with --writes: ask nothing; what would be sent is still shown')
    .option('--revenue', 'how this tenant behaves where the revenue rules assume something; only counts and codes')
    .option('--json', 'as JSON'),
).action(async (flags) => (await import('./doctor/index.js')).doctorCommand(flags));

onSandbox(
  program
    .command('call')
    .description('call one tool')
    .argument('<tool>', 'name of the tool')
    .argument('[arguments...]', 'key=value (true, 5, comma-separated lists), or a JSON object')
    .option(...config)
    .option(...customer)
    .option('--args <json>', 'its arguments as a JSON object')
    .option('--yes', 'make changes in Halo without asking; what would be sent is still shown')
    .option('--json', 'the structured answer as JSON')
    .option('--out <file>', 'write the answer to a file: its table (.csv), everything (.json), or its text')
    .option('--all', 'every page of a list, for a .csv or .json file or as JSON'),
).action(async (tool, words, flags) => (await import('./call.js')).callCommand(tool, words, flags));

program
  .command('new-plugin')
  .description('make a plugin: a package with an example tool, its tests and a README, in ./NAME')
  .argument('<name>', 'lower-case words with hyphens, such as on-call')
  .action(async (name) => (await import('./new-plugin.js')).newPlugin(name));

/** Runs the command of the process's arguments. @returns true if it goes on until it is stopped */
export async function command(): Promise<boolean> {
  try {
    refuseUnknownCommand();
    await program.parseAsync();
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    process.exitCode = error.exitCode === 0 ? 0 : 2;
  }
  return goesOn;
}

/** Collects the values of a repeatable option. */
function collect(value: string, values: string[] = []): string[] {
  return [...values, value];
}

/** Options go after the command. Before it they would be taken for options of `serve`. */
function refuseLateCommand(names: string[]): void {
  const [first = '', ...rest] = process.argv.slice(2);
  const withValue = ['--config', '--customer', '--http', '--metrics'];
  const late = rest.find((word, index) => names.includes(word) && !withValue.includes([first, ...rest][index] ?? ''));
  if (first.startsWith('-') && late !== undefined)
    program.error(`error: put the command first: halo-mcp ${late} ${first} …`, { exitCode: 2 });
}

/** An unknown first word would otherwise be taken for an argument of `serve`. */
function refuseUnknownCommand(): void {
  const word = process.argv[2];
  const names = program.commands.map((command) => command.name());
  if (word !== undefined && !word.startsWith('-') && word !== 'help' && !names.includes(word))
    program.error(unknownCommand(word, names), { exitCode: 2 });
  refuseLateCommand(names);
}

function unknownCommand(word: string, names: string[]): string {
  return `error: unknown command '${word}'.${didYouMean(word, names)} Commands: ${names.join(', ')}.`;
}
