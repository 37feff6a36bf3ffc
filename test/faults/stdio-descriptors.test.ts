import { join } from 'node:path';
import { expect, test } from 'vitest';
import { initialize, startServer, textIn, toolCall } from '../server.js';
import { folderWith } from '../session.js';

/** Uses up all but a few of the process's file descriptors, and releases them. */
const HOLDER = `
  import { closeSync, openSync } from 'node:fs';
  import { definePlugin, defineTool, z } from 'halo-psa-mcp';
  const held = [];
  const tool = (name, run) => defineTool({
    name, title: 'x', description: 'x', effect: 'read', scopes: [],
    input: z.object({ but: z.int().default(0) }), output: z.object({ held: z.int() }), async run({ but }) {
      run(but);
      return { held: held.length };
    },
  });
  export default definePlugin({ name: 'holder', apiVersion: 1, title: 'x', tools: [
    tool('take_all', (but) => {
      try { for (;;) held.push(openSync('/dev/null')); } catch {}
      for (let n = 0; n < but; n += 1) closeSync(held.pop());
    }),
    tool('give_back', () => { for (const one of held.splice(0)) closeSync(one); }),
  ] });`;

test.skipIf(process.platform === 'win32')(
  'a server that had no file descriptor left for a moment serves every tool afterwards',
  async () => {
    const folder = folderWith({
      'holder.mjs': HOLDER,
      'named.json': { plugins: ['./holder.mjs', 'tickets', 'clients', 'finance'] },
    });
    const server = startServer({
      args: ['--sandbox', '--config', join(folder, 'named.json')],
      command: ['sh', '-c', 'ulimit -n 200; exec "$0" "$@"', process.execPath],
    });
    try {
      await server.ask(initialize());
      // Leaves one more each time, so that something else is the first that can't be opened.
      const failed: boolean[] = [];
      for (let but = 0; but < 8; but += 1) {
        await server.ask(toolCall('take_all', { but }));
        const { result } = (await server.ask(toolCall('get_ticket', { id: 1 }))) as { result: { isError?: boolean } };
        failed.push(result.isError === true);
        await server.ask(toolCall('give_back'));
      }
      expect(failed[0]).toBe(true);
      const list = textIn(await server.ask(toolCall('list_tickets', { page_size: 1 })));
      const id = Number(/\n(\d+)\t/.exec(list)?.[1]);
      expect(textIn(await server.ask(toolCall('get_ticket', { id })))).toContain(`id: ${id}`);
      for (const tool of ['list_clients', 'list_invoices'])
        expect(textIn(await server.ask(toolCall(tool)))).toMatch(/^\d+ .*, page 1/);
    } finally {
      server.kill();
    }
  },
);
