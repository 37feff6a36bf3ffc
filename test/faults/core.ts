import { settingsFrom } from '../../config/index.js';
import type { AnyTool, Plugin, Tool } from '../../core/define.js';
import { defineWrite, type WriteDefinition, z } from '../../core/index.js';
import { createLog } from '../../core/log.js';
import { Redactor } from '../../core/output/redact.js';
import { ONLY_CUSTOMER } from '../../core/settings.js';
import { ID, SECRET } from '../core/halo/fake.js';
import { type One, startOne } from '../one.js';

export interface Around {
  /** The address of a Halo. */
  url?: string;
  /** What the log says. */
  lines?: string[];
  allowWrites?: string[];
}

/** The whole framework in this process, with these plugins as its bundled packs. */
export async function coreOf(plugins: Plugin[], { url, lines = [], allowWrites = [] }: Around = {}): Promise<One> {
  const redactor = new Redactor();
  const settings = settingsFrom({
    plugins: plugins.map(({ name, tools }) => ({
      use: name,
      allowWrites: tools.map((tool) => tool.name).filter((one) => allowWrites.includes(one)),
      allowCustomerVisible: true,
    })),
    customers: { [ONLY_CUSTOMER]: { clientSecret: SECRET } },
  });
  return startOne(settings, {
    log: createLog('trace', redactor, { write: (line: string) => lines.push(line) } as never),
    redactor,
    bundled: Object.fromEntries(plugins.map((one) => [one.name, { default: true, load: async () => one }])),
    self: {},
    ...(url !== undefined && {
      connect: async () => ({
        ...{ apiUrl: `${url}/api`, tokenUrl: `${url}/auth/token` },
        ...{ clientId: ID, clientSecret: SECRET },
      }),
    }),
  });
}

/** A tool that writes; a test gives only the parts that matter to it. */
export const writerOf = (name: string, more: Partial<WriteDefinition<z.ZodObject, z.ZodObject>> = {}): AnyTool =>
  defineWrite<z.ZodObject, z.ZodObject>({
    ...{ name, title: name, description: 'A tool of a test.', scopes: ['edit:tickets'] },
    input: z.object({}),
    output: z.object({ said: z.any().optional() }),
    plan: () => ({ path: '/Tickets', body: [{ summary: 'x', client_id: 12 }], says: 'Make a ticket.', before: {} }),
    done: () => ({}),
    customerVisible: true,
    ...more,
  });

/** A plugin of these tools. */
export const pluginOf = (name: string, tools: AnyTool[]): Plugin => ({ name, apiVersion: 1, title: name, tools });

/** A tool that may answer with anything. */
export const toolOf = (name: string, run: (...context: never[]) => unknown, more: Partial<AnyTool> = {}): AnyTool => ({
  name,
  title: name,
  description: 'A tool of a test.',
  effect: 'read',
  scopes: [],
  input: z.object({}),
  output: z.object({ said: z.any() }),
  run: run as Tool['run'],
  ...more,
});
