import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    testTimeout: 20_000,
    // The kit has to find this package's vitest, wherever halo-psa-mcp itself is installed.
    server: { deps: { inline: ['halo-psa-mcp'] } },
  },
});
