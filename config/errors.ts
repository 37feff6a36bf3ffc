/** A configuration that stops the start: one sentence for the operator, exit code 2. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}
