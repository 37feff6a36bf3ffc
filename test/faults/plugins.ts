import { join } from 'node:path';
import { afterAll } from 'vitest';
import { folderWith, openSession, type Session, type SessionOptions } from '../session.js';

/** A plugin file with one tool; `run` is the source of its function's body. */
export const plugin = (
  name: string,
  tool: string,
  {
    run = 'return { said: "hello" };',
    scopes = '[]',
    effect = 'read',
    more = '',
    top = '',
    output = '{ said: z.string() }',
    tools = '[tool]',
  } = {},
) => `
import { definePlugin, defineTool, HaloError, untrusted, z } from 'halo-psa-mcp';
${top}
const tool = defineTool({
  name: '${tool}', title: 'A tool', description: 'A tool of a test.', effect: '${effect}', scopes: ${scopes},
  input: z.object({}), output: z.object(${output}),
  async run(args, { halo, log, progress, signal, options }) { ${run} },
  ${more}
});
export default definePlugin({ name: '${name}', apiVersion: 1, title: '${name}', tools: ${tools} });
`;

/** Opens a session with these plugin files, on the sandbox; it is closed when the file's tests are over. */
export async function serve(
  files: Record<string, string>,
  plugins: (string | object)[],
  { more = {}, ...options }: SessionOptions & { more?: object } = {},
): Promise<Session> {
  const folder = folderWith({ ...files, 'named.json': { plugins, ...more } });
  const session = await openSession({ args: ['--sandbox', '--config', join(folder, 'named.json')], ...options });
  sessions.push(session);
  return session;
}

const sessions: Session[] = [];
/** Call this once in each test file. */
export function closeSessions(): void {
  afterAll(async () => {
    await Promise.all(sessions.splice(0).map((session) => session.close()));
  });
}

export const names = async ({ client }: Session) => (await client.listTools()).tools.map(({ name }) => name);

/** The complete lines of the log, each as an object. */
export const logOf = (session: Session): Record<string, unknown>[] =>
  session
    .stderr()
    .split('\n')
    .slice(0, -1)
    .flatMap((line) => (line.startsWith('{') ? [JSON.parse(line) as Record<string, unknown>] : []));

/** What the log says about a plugin, by its name or its file. */
export const toldOf = (session: Session, name: string): string[] =>
  logOf(session)
    .filter(({ plugin, msg }) => plugin === name || String(msg).includes(`"${name}"`))
    .map((line) => JSON.stringify(line));

/** Asserts that the server still works: a tool of a bundled pack answers. */
export async function expectServing(session: Session): Promise<void> {
  await session.ask('list_agents');
}
