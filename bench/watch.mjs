/** A plugin that reports the longest block of the event loop since the last call. */
export const WATCH = `
  import { monitorEventLoopDelay } from 'node:perf_hooks';
  import { definePlugin, defineTool, z } from 'halo-psa-mcp';
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  export default definePlugin({ name: 'watch', apiVersion: 1, title: 'x', tools: [defineTool({
    name: 'longest_block', title: 'x', description: 'x', effect: 'read', scopes: [],
    input: z.object({}), output: z.object({ ms: z.number() }),
    async run() {
      const ms = delay.max / 1e6;
      delay.reset();
      return { ms };
    },
  })] });`;
