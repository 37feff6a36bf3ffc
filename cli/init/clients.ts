import { homedir } from 'node:os';
import { join, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beside } from '../identity.js';
import { desktopFile, settingsFolder } from './desktop.js';
import { lastingNode, thisMachine } from './node.js';

/** One MCP client that init can set up. */
interface Client {
  title: string;
  /** The path of its configuration file. */
  file(): string;
  /** The key that holds the servers. */
  key: 'mcpServers' | 'servers';
  /** How its file refers to an environment variable, if it can. */
  variable?: (name: string) => string;
  /** What makes it reload its configuration. */
  restart: string;
}

const fromEnv = (name: string) => `\${env:${name}}`;

/** Where the clients keep their configuration (their own documentation, 2026). */
export const CLIENTS: Readonly<Record<ClientName, Client>> = {
  'claude-desktop': {
    title: 'Claude Desktop',
    file: () => desktopFile(),
    key: 'mcpServers',
    restart: 'Quit Claude Desktop and start it again.',
  },
  'claude-code': {
    title: 'Claude Code (.mcp.json of this folder)',
    file: () => resolve('.mcp.json'),
    key: 'mcpServers',
    variable: (name) => `\${${name}}`,
    restart:
      'Start `claude` in this folder and approve the server: one that comes with a folder waits for that, and `claude mcp list` shows it as pending until then. /mcp shows its tools.',
  },
  cursor: {
    title: 'Cursor',
    file: () => join(homedir(), '.cursor', 'mcp.json'),
    key: 'mcpServers',
    variable: fromEnv,
    restart: 'Restart Cursor; Settings > MCP shows the server.',
  },
  vscode: {
    title: 'VS Code',
    file: () => join(settingsFolder(), 'Code', 'User', 'mcp.json'),
    key: 'servers',
    variable: fromEnv,
    restart: 'In VS Code, `MCP: List Servers` shows the server: start it there, and trust it when asked.',
  },
  windsurf: {
    title: 'Windsurf',
    file: () => join(homedir(), '.codeium', 'windsurf', 'mcp_config.json'),
    key: 'mcpServers',
    variable: fromEnv,
    restart: 'Restart Windsurf; the MCP servers of Cascade show it.',
  },
};

export type ClientName = 'claude-desktop' | 'claude-code' | 'cursor' | 'vscode' | 'windsurf';

/** A server as a client starts it. */
export interface Block {
  command: string;
  args: string[];
  env: Record<string, string>;
}

/**
 * How a client starts this installation: by npx if npx runs it now, else by this Node and this file. Both paths are
 * absolute, since a client started from a dock knows neither a shell's PATH nor a working directory.
 */
export function launch(configFile: string, customer?: string): Pick<Block, 'command' | 'args'> {
  const server = fileURLToPath(beside('halo-mcp.js'));
  const own = ['--config', configFile, ...(customer === undefined ? [] : ['--customer', customer])];
  if (!server.includes(`${sep}_npx${sep}`)) return { command: lastingNode(thisMachine()), args: [server, ...own] };
  const npx = ['npx', '-y', 'halo-psa-mcp', ...own];
  return process.platform === 'win32'
    ? { command: 'cmd', args: ['/c', ...npx] }
    : { command: 'npx', args: npx.slice(1) };
}
