import { it } from 'vitest';
import { openInside } from './inside.js';
import { namedConfig } from './session.js';

it('x', async () => {
  const s = await openInside({
    args: ['--sandbox'],
    env: namedConfig({
      plugins: ['finance', 'insights', 'receivables', ...(process.env.MORE?.split(',') ?? [])],
      output: { maxTokens: 20000 },
    }),
  });
  const calls = JSON.parse(process.env.CALLS ?? '[]');
  for (const [name, args] of calls) {
    const r = await s.client.callTool({ name, arguments: args });
    console.log(
      name,
      JSON.stringify(args),
      '\n' +
        (r.content as any[])
          .map((c) => c.text ?? c.resource?.text)
          .join('\n')
          .slice(0, 6000),
    );
    if (process.env.JSONOUT) console.log(JSON.stringify(r.structuredContent, null, 1).slice(0, 5000));
  }
  await s.close();
}, 120000);
