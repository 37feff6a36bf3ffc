import { afterEach, expect, test } from 'vitest';
import { initialize, ping, type RawServer, startServer, toolCall } from '../server.js';
import type { Json } from '../session.js';

let server: RawServer | undefined;
afterEach(() => server?.kill());

test('logs are JSON lines on stderr', async () => {
  server = startServer({ args: ['--sandbox'], env: { HALO_MCP_LOG_LEVEL: 'debug' } });
  await server.ask(initialize());
  expect(await server.ask(toolCall('list_clients'))).toHaveProperty('result.structuredContent');
  for (const line of server.stderr().trim().split('\n')) expect(JSON.parse(line)).toHaveProperty('msg');
  expect(server.stderr()).toContain('Halo PSA MCP server running on stdio');
});

test('a long walk reports its progress to a caller who asks for it, and not after its answer', async () => {
  server = startServer({ args: ['--sandbox'] });
  server.send({
    jsonrpc: '2.0',
    id: 8,
    method: 'tools/call',
    params: { name: 'revenue_breakdown', arguments: {}, _meta: { progressToken: 'p' } },
  });
  const seen: Json[] = [];
  for (let message = await server.next(); message.id !== 8; message = await server.next()) seen.push(message);
  expect(seen.length).toBeGreaterThan(3);
  const steps = seen.map((message) => message.params as { progressToken: string; progress: number; total: number });
  expect(steps.every(({ progressToken, progress, total }) => progressToken === 'p' && progress <= total)).toBe(true);
  expect(steps.map(({ progress }) => progress)).toEqual(steps.map((_, index) => index + 1));
  await server.ask(ping());
  expect(server.lines).toHaveLength(seen.length + 2);
});
