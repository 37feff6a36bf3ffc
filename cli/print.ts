// A reader who has seen enough (`halo-mcp tools | head`) is no fault.
process.stdout.on('error', () => process.exit(0));

/** A line on stdout, for commands that talk to a person. Never used while the server runs on stdio. */
export function print(text = ''): void {
  process.stdout.write(`${text}\n`);
}

/** A command that was called wrongly: one sentence on stderr, exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
