import type { RunnerTask, RunnerTestCase, RunnerTestFile } from 'vitest';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type Reporter, type TestSpecification, type Vitest } from 'vitest/node';

/** If a mutant breaks a file before its first test runs, Stryker sees no failure. This gives the file a test that fails. */
class BrokenFiles implements Reporter {
  #vitest: Vitest | undefined;

  onInit(vitest: Vitest): void {
    this.#vitest = vitest;
  }

  onTestRunEnd(): void {
    for (const file of this.#vitest?.state.getFiles() ?? []) {
      if (file.result?.state === 'fail' && !file.tasks.some(hasFailed)) file.tasks.push(failing(file));
    }
  }
}

const hasFailed = (task: RunnerTask): boolean =>
  task.type === 'test' ? task.result?.state === 'fail' : task.tasks.some(hasFailed);

/** Tests that start whole servers run last: most mutants are killed before that. */
class ServersLast extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const late = ({ moduleId }: TestSpecification) => Number(/test\/(e2e|faults)\//.test(moduleId));
    return [...files].sort((a, b) => late(a) - late(b));
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

/** The tests of the rules of money, with the same random books on every run and without the longest properties. */
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
    testTimeout: 60_000,
    hookTimeout: 60_000,
    sequence: { sequencer: ServersLast },
    reporters: [new BrokenFiles()],
  },
});
