import { confirm } from '@clack/prompts';
import type { Consent, Proposal } from '../core/session.js';
import { complain, paint } from './print.js';

/** The real streams: once packs load, no other code has them. */
const { stdin, stdout, stderr } = process;

/** Where a person answers. */
export interface Terminal {
  stdin: NodeJS.ReadStream;
  stderr: NodeJS.WriteStream;
  isInteractive: boolean;
}

const REAL: Terminal = { stdin, stderr, isInteractive: Boolean(stdin.isTTY && (stdout.isTTY || stderr.isTTY)) };

/**
 * Asks on stderr before a change, in words and with exactly what would be sent. `--yes` answers in advance; without it,
 * and without a terminal, nobody is asked.
 */
export const askPerson =
  (yes: boolean, terminal: Terminal = REAL) =>
  async ({ says, request, body }: Proposal, signal: AbortSignal): Promise<Consent> => {
    complain(`${says}\n${paint('bold', request)}\n${JSON.stringify(body, null, 2)}`);
    if (yes) return 'yes';
    if (!terminal.isInteractive) return 'unasked';
    const answer = await confirm({
      message: 'Send exactly this to Halo?',
      initialValue: false,
      input: terminal.stdin,
      output: terminal.stderr,
      signal,
    });
    return answer === true ? 'yes' : 'no';
  };
