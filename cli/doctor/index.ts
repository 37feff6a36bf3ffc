import { ConfigError } from '../../config/index.js';
import { guardProcess } from '../../core/contain/guard.js';
import type { Log } from '../../core/define.js';
import { mapStrings } from '../../core/output/clean.js';
import { print } from '../print.js';
import { type Prepared, prepare, type StartFlags } from '../start.js';
import { clock, config, credentials, halo, host } from './address.js';
import { type Check, type Exam, sparing } from './exam.js';
import { type Finding, lineOf, summaryOf } from './finding.js';
import { login, scopes, surplus } from './grants.js';
import { budget, cost, plugins, tools } from './offer.js';
import { packs } from './reads.js';
import { askRevenue, revenueText } from './revenue.js';

/** In the order in which one builds on the other. */
const CHECKS: readonly Check[] = [
  ...[config, credentials, host, halo, login, scopes, packs, surplus, clock, budget],
  ...[tools, cost, plugins],
];

/**
 * Everything that the doctor looks at, in order; nothing that goes wrong keeps it from the rest. Halo is asked at most
 * 30 times, and only to read.
 */
export async function diagnose(start: Prepared): Promise<Finding[]> {
  try {
    const own = start.config.log.level === 'info' ? { log: SILENT } : {};
    const { customer, session } = await start.load({ config: sparing(start.config), ...own });
    const exam: Exam = { config: start.config, customer, session };
    const findings: Finding[] = [];
    for (const check of CHECKS) findings.push(...[await check(exam)].flat());
    return mapStrings(findings, start.redactor.redact) as Finding[];
  } catch (error) {
    return [configFault(error)];
  }
}

/** What is told here is not told by the log as well. */
const SILENT: Log = { debug() {}, info() {}, warn() {}, error() {} };

function configFault(error: unknown): Finding {
  if (!(error instanceof ConfigError)) throw error;
  return {
    id: 'config',
    title: 'Config',
    mark: 'fail',
    detail: error.message,
    way_out: 'Then call the doctor again: nothing else was looked at.',
  };
}

/** `halo-mcp doctor`: exit code 1 where something that is on does not work; with `--revenue`, where nothing can be read. */
export async function doctorCommand(flags: StartFlags & { revenue?: boolean; json?: boolean }): Promise<void> {
  if (flags.revenue) return revenueCommand(flags);
  const findings = await examine(flags);
  const ok = findings.every(({ mark }) => mark !== 'fail');
  print(
    flags.json
      ? JSON.stringify({ ok, findings }, null, 2)
      : [...findings.map(lineOf), '', summaryOf(findings)].join('\n'),
  );
  if (!ok) process.exitCode = 1;
}

async function examine(flags: StartFlags): Promise<Finding[]> {
  let start: Prepared;
  try {
    start = await prepare(flags, { quiet: true });
    guardProcess(start.log, start.redactor);
  } catch (error) {
    return [configFault(error)];
  }
  try {
    return await diagnose(start);
  } finally {
    start.stop();
  }
}

async function revenueCommand(flags: StartFlags & { json?: boolean }): Promise<void> {
  const start = await prepare(flags, { quiet: true });
  guardProcess(start.log, start.redactor);
  try {
    const report = await askRevenue(start);
    print(flags.json ? JSON.stringify(report, null, 2) : revenueText(report));
  } finally {
    start.stop();
  }
}
