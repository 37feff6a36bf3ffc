/** The real streams: what others print is diverted once packs load. */
const { stdout, stderr } = process;
// A reader who has seen enough (`halo-mcp tools | head`) is no fault.
stdout.on('error', () => process.exit(0));

/** A line on stdout, for commands that talk to a person. Never used while the server runs on stdio. */
export function print(text = ''): void {
  stdout.write(`${text}\n`);
}

/** A line on stderr for the person who called the command. */
export function complain(text: string): void {
  // As it is now: once packs load, it passes the gate.
  process.stderr.write(`${text}\n`);
}

/** Ends the process when all is written, whatever a plugin still has running. */
export function leave(): void {
  stdout.write('', () => stderr.write('', () => process.exit()));
}

/** A command that was called wrongly: one sentence on stderr, exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
