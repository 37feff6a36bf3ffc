import { resolve } from 'node:path';
import type { Config } from '../../config/index.js';
import type { Settings } from '../../core/settings.js';

/**
 * Where the tokens are kept: beside the config, unless it says otherwise. Who may call is a decision, so a config that
 * was merely found says nothing of it.
 * @returns undefined where no config was named
 */
export const tokensFile = (
  { named, directory }: Pick<Settings, 'named' | 'directory'>,
  { tokens }: Config['http'],
): string | undefined => (named ? resolve(directory, tokens) : undefined);
