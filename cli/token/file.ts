import { resolve } from 'node:path';
import type { Config } from '../../config/index.js';
import type { Settings } from '../../core/settings.js';

/**
 * The file of tokens: beside the config, unless it says otherwise. Who may call is a decision, so a config that was
 * merely found can't make it.
 * @returns undefined if no config was named
 */
export const tokensFile = (
  { named, directory }: Pick<Settings, 'named' | 'directory'>,
  { tokens }: Config['http'],
): string | undefined => (named ? resolve(directory, tokens) : undefined);
