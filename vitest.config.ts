import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/folder.ts'],
    // Many wait for processes that they started: all cores, where the default leaves one idle.
    maxWorkers: '100%',
    // What is waited for comes late on a busy machine; that it never comes is what fails.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 15_000 } },
  },
});
