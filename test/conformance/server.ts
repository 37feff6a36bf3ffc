/** Starts the suite's own server on a free port of this machine, for `scripts/conformance.mjs`; `sessions` as its one argument for sessions. */
import { identity } from '../../cli/identity.js';
import { settingsFrom } from '../../config/presets.js';
import { send } from '../../core/halo/http.js';
import { quietEngine } from '../../core/host/http/engine.js';
import { startTeam } from '../../core/host/http/team.js';
import { createLog } from '../../core/log.js';
import { Redactor } from '../../core/output/redact.js';
import { createServer } from '../../core/server.js';
import { onTrigger, suiteAnswers } from './answers.js';

const redactor = new Redactor();
const log = createLog('warn', redactor);
quietEngine(log);
const { url } = await startTeam(
  {
    ...{ answersOf: suiteAnswers, send, identity, gate: { log, redactor } },
    async load() {
      const server = await createServer(settingsFrom({ plugins: [] }), { log, redactor, bundled: {}, self: {} });
      return {
        ...server,
        open: (who) => ({
          ...server.open(who),
          packs: [],
          onToolsChanged: (tell) => onTrigger(tell),
        }),
      };
    },
  },
  {
    ...{ place: { host: '127.0.0.1', port: 0 }, behindProxy: false, auth: false, tokens: undefined },
    ...{ sessions: process.argv[2] === 'sessions', hosts: [], origins: [], trustedProxies: [] },
    ...{ callsPerMinute: 100_000, metrics: undefined },
  },
);
process.stdout.write(`${url}\n`);
