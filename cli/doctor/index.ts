import { ConfigError } from '../../config/index.js';
import { guardProcess } from '../../core/contain/guard.js';
import type { Log } from '../../core/define.js';
import { mapStrings } from '../../core/output/clean.js';
import type { CustomerSettings } from '../../core/settings.js';
import { Failure, paint, print } from '../print.js';
import { EnvironmentFault, type Prepared, prepare, type StartFlags, started } from '../start.js';
import { clock, config, credentials, halo, host, way } from './address.js';
import { type Check, type Exam, sparing } from './exam.js';
import { type Finding, lineOf, summaryOf } from './finding.js';
import { login, scopes, surplus } from './grants.js';
import { budget, cost, plugins, tools } from './offer.js';
import { packs } from './reads.js';
import { askRevenue, revenueText } from './revenue.js';
import { storeFindings } from './store.js';
import { timeZone } from './zone.js';

/** In order: later checks build on earlier ones. */
const CHECKS: readonly Check[] = [
  ...[config, credentials, way, host, halo, login, scopes, packs, surplus, clock, timeZone, budget],
  ...[tools, cost, plugins],
];

/**
 * Runs all checks in order, for one customer after another. A failed check does not stop the rest. Each Halo gets at
 * most 30 requests, all of them reads.
 */
export async function diagnose({ settings, several, level, redactor, load }: Prepared): Promise<Finding[]> {
  try {
    const server = await load({ settings: sparing(settings), ...(level === 'info' && { log: SILENT }) });
    const findings: Finding[] = [];
    for (const name of server.customers) {
      const own = settings.customers[name] as CustomerSettings;
      const exam: Exam = { settings, own, ...started(server, name) };
      for (const check of CHECKS)
        findings.push(...[await check(exam)].flat().map((one) => (several ? { customer: name, ...one } : one)));
    }
    findings.push(...(await storeFindings(settings)));
    return mapStrings(findings, redactor.redact) as Finding[];
  } catch (error) {
    return [configFault(error)];
  }
}

/** True if a value of the config or the environment is wrong: every command then ends alike. */
const isOfSettings = ({ id, mark }: Finding) => mark === 'fail' && (id === 'environment' || id === 'config');

/** The findings say it all; the log would repeat it. */
const SILENT: Log = { debug() {}, info() {}, warn() {}, error() {} };

function configFault(error: unknown): Finding {
  if (!(error instanceof ConfigError)) throw error;
  const [id, title] = error instanceof EnvironmentFault ? ['environment', 'Settings'] : ['config', 'Config'];
  return {
    ...{ id, title },
    mark: 'fail',
    detail: error.message,
    way_out: 'Then run the doctor again: nothing else was checked.',
  };
}

interface DoctorFlags extends StartFlags {
  revenue?: boolean;
  json?: boolean;
  writes?: boolean;
  ticket?: string;
  yes?: boolean;
}

/**
 * `halo-mcp doctor`: exit code 1 if something that is on does not work, 2 if config or environment can't be used. With
 * `--revenue`, 1 if nothing can be read.
 */
export async function doctorCommand(flags: DoctorFlags): Promise<void> {
  if (flags.revenue) return revenueCommand(flags);
  const findings = await (flags.writes ? writesFindings(flags) : examine(flags));
  const ok = findings.every(({ mark }) => mark !== 'fail');
  print(
    flags.json ? JSON.stringify({ ok, findings }, null, 2) : [...parts(findings), '', summaryOf(findings)].join('\n'),
  );
  if (!ok) process.exitCode = findings.some(isOfSettings) ? 2 : 1;
}

/** The findings of each customer, under its name if there are several. */
function parts(findings: readonly Finding[]): string[] {
  const names = [...new Set(findings.map(({ customer }) => customer))];
  if (names.length === 1) return findings.map(lineOf);
  return names.flatMap((name, index) => [
    ...(index > 0 ? [''] : []),
    paint('bold', name ?? ''),
    ...findings.filter(({ customer }) => customer === name).map(lineOf),
  ]);
}

async function examine(flags: StartFlags): Promise<Finding[]> {
  let start: Prepared;
  try {
    start = await prepare(flags, { quiet: true, all: true });
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

async function writesFindings(flags: DoctorFlags): Promise<Finding[]> {
  const { tryWrites } = await import('./writes.js');
  const start = await prepare(flags, { quiet: true });
  guardProcess(start.log, start.redactor);
  try {
    return mapStrings(
      await tryWrites(start, { ticket: flags.ticket, yes: flags.yes }),
      start.redactor.redact,
    ) as Finding[];
  } finally {
    start.stop();
  }
}

async function revenueCommand(flags: StartFlags & { json?: boolean }): Promise<void> {
  const start = await prepare(flags, { quiet: true, all: true });
  guardProcess(start.log, start.redactor);
  try {
    const answers = await askRevenue(start);
    const [first] = answers;
    // A single Halo: its report, or one line that says why there is none.
    if (!start.several && first !== undefined) {
      if ('error' in first) throw new Failure(first.error);
      const { customer: _, ...report } = first;
      return print(flags.json ? JSON.stringify(report, null, 2) : revenueText(report));
    }
    if (answers.some((answer) => 'error' in answer)) process.exitCode = 1;
    const texts = answers.map(
      (answer) => `${paint('bold', answer.customer)}\n${'error' in answer ? answer.error : revenueText(answer)}`,
    );
    print(flags.json ? JSON.stringify(answers, null, 2) : texts.join('\n\n'));
  } finally {
    start.stop();
  }
}
