import { defineConfig } from 'vitest/config';

/**
 * What `npm test` leaves to `npm run test:all`: tests that start the command again and again, or that put every tool to
 * every case. Whatever they hold has a test among the quick ones, in the room that decides it.
 */
const LONG = [
  'test/{docker,package}.test.ts',
  'test/cli/**',
  'test/core/{server,store/budget,store/shared}.test.ts',
  'test/docs/{config-examples,examples,plugins,readme,team-server}.test.ts',
  'test/e2e/{arguments,deployment,director,insights,large-book,manifest,money,options,rehearsal,revenue,time-zone,tools,with}.test.ts',
  'test/faults/data-{extremes,fields,gate,marks,places,text}.test.ts',
  'test/faults/ledger.test.ts',
  'test/faults/never-wrong-*.test.ts',
  'test/faults/plugins-{load,names,reach,run}.test.ts',
  'test/faults/stdio-{descriptors,eras,exit,fuzz,load,plugins,start,streams}.test.ts',
  'test/faults/upstream-{connection,proxy,session}.test.ts',
  'test/http/{callers,command,crossing,life,oauth,oauth-away,oauth-browser,oauth-documents,oauth-faults,oauth-proxy,oauth-replicas,oauth-start,replicas,requests,store,traces}.test.ts',
  'test/kit/*.test.ts',
  'test/plugins/{contract,insights/{expiring,properties}}.test.ts',
  'test/revenue/trend/histories.test.ts',
  'test/sandbox/{fault-kinds,filters,harsh,lists,process,tenant}.test.ts',
  'test/writes/{asking-http,faults,obedient,properties,read-only,tokens,trail,words}.test.ts',
];

const common = {
  globalSetup: ['test/folder.ts'],
  // Days are those of the machine's zone where a config names none: here the same on every machine.
  env: { TZ: 'UTC' },
  // What is waited for comes late on a busy machine; that it never comes is what fails.
  testTimeout: 60_000,
  hookTimeout: 60_000,
  expect: { poll: { timeout: 15_000 } },
};

export default defineConfig({
  test: {
    // Many wait for processes that they started: all cores, where the default leaves one idle.
    maxWorkers: '100%',
    projects: [
      {
        test: {
          ...common,
          name: 'quick',
          include: ['test/**/*.test.ts'],
          exclude: LONG,
          // One load of the code for all files of a worker: half of the time went into loading it for each.
          isolate: false,
        },
      },
      { test: { ...common, name: 'long', include: LONG.map((glob) => glob.replace(/\*\*$/, '**/*.test.ts')) } },
    ],
  },
});
