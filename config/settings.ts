import type { Settings } from '../core/settings.js';
import type { Loaded } from './load.js';

/** What the framework is told of a config that was loaded: all of its customers, whichever was chosen. */
export function settingsOf({ file, named, directory, customers, general, allowWrites, output }: Loaded): Settings {
  return { file, named, directory, customers, ...general, plugins: general.plugins, allowWrites, output };
}
