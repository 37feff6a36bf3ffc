import { expect, test } from 'vitest';
import { bundled } from '../../cli/packs.js';
import { outsideSubset, publicTool } from '../../core/output/schema.js';
import { openInside } from '../inside.js';
import { refusedBySome } from '../model-schema.js';
import { namedConfig } from '../session.js';

const tools = (await Promise.all(Object.values(bundled).map(({ load }) => load()))).flatMap((pack) => pack.tools);

test.each(tools.map((tool) => [tool.name, tool] as const))('every model API takes the arguments of %s', (_, tool) => {
  expect(refusedBySome(publicTool(tool).inputSchema)).toEqual([]);
  expect(outsideSubset(tool)).toEqual([]);
});

test('and those of all tools as a client lists them', async () => {
  const session = await openInside({ env: namedConfig({ plugins: Object.keys(bundled) }) });
  const { tools: listed } = await session.client.listTools();
  expect(listed.length).toBeGreaterThanOrEqual(tools.length);
  for (const { name, inputSchema } of listed) expect([name, refusedBySome(inputSchema)]).toEqual([name, []]);
  await session.close();
});
