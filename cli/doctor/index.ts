import { print } from '../print.js';
import { prepare, type StartFlags } from '../start.js';
import { askRevenue, revenueText } from './revenue.js';

/** `halo-mcp doctor`. */
export async function doctorCommand(flags: StartFlags & { revenue?: boolean; json?: boolean }): Promise<void> {
  const start = await prepare(flags, true);
  try {
    const report = await askRevenue(start);
    print(flags.json ? JSON.stringify(report, null, 2) : revenueText(report));
  } finally {
    start.stop();
  }
}
