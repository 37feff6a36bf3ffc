import { shown } from './shown.js';

const LONGEST = 1500;

/** A configuration that stops the start: one sentence for the operator, safe on any terminal; exit code 2. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(sentence: string) {
    super(shown(sentence, LONGEST));
  }
}
