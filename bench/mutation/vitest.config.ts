import type { RunnerTestCase, RunnerTestFile } from 'vitest';
import { defineConfig } from 'vitest/config';
import type { Reporter, Vitest } from 'vitest/node';

/** If a mutant breaks a file on load, it has no tests for Stryker to count. This gives it one that fails. */
class BrokenFiles implements Reporter {
  #vitest: Vitest | undefined;

  onInit(vitest: Vitest): void {
    this.#vitest = vitest;
  }

  onTestRunEnd(): void {
    for (const file of this.#vitest?.state.getFiles() ?? []) {
      if (file.tasks.length === 0 && file.result?.state === 'fail') file.tasks.push(failing(file));
    }
  }
}

function failing(file: RunnerTestFile): RunnerTestCase {
  return {
    ...file,
    id: `${file.id}_loads`,
    type: 'test',
    name: 'loads',
    suite: file,
    file,
  } as unknown as RunnerTestCase;
}

/** The tests of the revenue rules. Random books are the same on every run; those of the longest properties are left out. */
export default defineConfig({
  test: {
    include: [
      'test/revenue/**/*.test.ts',
      'test/plugins/{finance,insights}/*.test.ts',
      'test/faults/never-wrong-healthy.test.ts',
      'test/e2e/director.test.ts',
    ],
    exclude: ['**/{axes,conservation,invariance,histories,expiring,brought}.test.ts'],
    globalSetup: ['test/folder.ts'],
    setupFiles: ['bench/mutation/seed.ts'],
    env: { TZ: 'UTC', PROPERTY_RUNS: '4' },
    isolate: false,
    reporters: [new BrokenFiles()],
  },
});
