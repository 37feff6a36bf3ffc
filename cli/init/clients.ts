import { homedir } from 'node:os';
import { join, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beside } from '../identity.js';

/** One MCP client that init can set up. */
interface Client {
  title: string;
  /** Its configuration, which holds `mcpServers`. */
  file(): string;
  /** True where its file may speak of a variable of the environment: `${NAME}`. */
  fillsIn: boolean;
  /** What makes it read its configuration again. */
  restart: string;
}

/** Where the clients keep their configuration (their own documentation, 2026). */
export const CLIENTS = {
  'claude-desktop': {
    title: 'Claude Desktop',
    file: () => join(desktopFolder(), 'Claude', 'claude_desktop_config.json'),
    fillsIn: false,
    restart: 'Quit Claude Desktop and start it again.',
  },
  'claude-code': {
    title: 'Claude Code (.mcp.json of this folder)',
    file: () => resolve('.mcp.json'),
    fillsIn: true,
    restart: 'Start `claude` in this folder; /mcp shows the server.',
  },
} as const satisfies Record<string, Client>;

export type ClientName = keyof typeof CLIENTS;

function desktopFolder(): string {
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support');
  if (process.platform === 'win32') return process.env.APPDATA ?? join(homedir(), 'AppData', 'Roaming');
  return process.env.XDG_CONFIG_HOME ?? join(homedir(), '.config');
}

/** A server as a client starts it. */
export interface Block {
  command: string;
  args: string[];
  env: Record<string, string>;
}

/**
 * How a client starts this very installation: by npx where npx runs it now, else this Node with this file, by their
 * whole paths, since a client that was started from a dock knows neither a shell's PATH nor a folder.
 */
export function launch(configFile: string, customer?: string): Pick<Block, 'command' | 'args'> {
  const server = fileURLToPath(beside('halo-mcp.js'));
  const own = ['--config', configFile, ...(customer === undefined ? [] : ['--customer', customer])];
  if (!server.includes(`${sep}_npx${sep}`)) return { command: process.execPath, args: [server, ...own] };
  const npx = ['npx', '-y', 'halo-psa-mcp', ...own];
  return process.platform === 'win32'
    ? { command: 'cmd', args: ['/c', ...npx] }
    : { command: 'npx', args: npx.slice(1) };
}
