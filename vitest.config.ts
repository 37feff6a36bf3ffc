import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/folder.ts'],
    // Days are those of the machine's zone where a config names none: here the same on every machine.
    env: { TZ: 'UTC' },
    // Many wait for processes that they started: all cores, where the default leaves one idle.
    maxWorkers: '100%',
    // What is waited for comes late on a busy machine; that it never comes is what fails.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 15_000 } },
  },
});
