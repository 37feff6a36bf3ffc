import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { emptyFolder, SERVER } from '../session.js';

const run = promisify(execFile);

test('`halo-mcp sandbox` is a Halo that the other commands can be set up against, until it is stopped', async () => {
  const child = spawn(process.execPath, [SERVER, 'sandbox'], { stdio: ['ignore', 'pipe', 'inherit'] });
  let printed = '';
  for await (const line of createInterface({ input: child.stdout })) {
    printed += `${line}\n`;
    if (line.startsWith('HALO_CLIENT_SECRET=')) break;
  }
  const env = Object.fromEntries([...printed.matchAll(/^(HALO_\w+)=(.+)$/gm)].map(([, name, value]) => [name, value]));
  const { stdout } = await run(process.execPath, [SERVER, 'call', 'list_agents', '--json'], {
    env,
    cwd: emptyFolder(),
  });
  expect(JSON.parse(stdout).items.length).toBeGreaterThan(0);
  child.kill('SIGINT');
  expect((await once(child, 'exit'))[1]).toBe('SIGINT');
});
