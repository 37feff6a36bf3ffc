// Mutation score of the rules of money: which changes to them no test notices. From the root:
// npx -y -p @stryker-mutator/core@9.6.1 -p @stryker-mutator/vitest-runner@9.6.1 stryker run bench/mutation/stryker.config.mjs
// All of it takes hours: `-m revenue/values/money.ts` runs that file alone, `SAMPLE=4` one function in four, picked by its
// place (`AT=1` picks others). Earlier results are kept in reports/mutation/.

/** @type {import('@stryker-mutator/api/core').PartialStrykerOptions} */
export default {
  mutate: ['revenue/**/*.ts', 'plugins/insights/*.ts'],
  testRunner: 'vitest',
  plugins: ['@stryker-mutator/vitest-runner', './bench/mutation/sample.mjs'],
  ignorers: ['sample'],
  vitest: { configFile: 'bench/mutation/vitest.config.ts', related: false },
  coverageAnalysis: 'perTest',
  concurrency: 2,
  incremental: true,
  incrementalFile: 'reports/mutation/incremental.json',
  tempDirName: 'reports/mutation/tmp',
  ignorePatterns: ['/dist', '/docs', '/reports'],
  tsconfigFile: 'none',
  reporters: ['clear-text', 'progress-append-only', 'json'],
  jsonReporter: { fileName: 'reports/mutation/report.json' },
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  thresholds: { high: 95, low: 85, break: 85 },
};
