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

/** The deterministic tests of the revenue rules, without those over random books. */
export default defineConfig({
  test: {
    include: ['test/revenue/*.test.ts'],
    exclude: ['**/{axes,conservation,invariance}.test.ts'],
    isolate: false,
    reporters: [new BrokenFiles()],
  },
});
