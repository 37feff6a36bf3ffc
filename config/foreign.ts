import { isAbsolute } from 'node:path';

/** True for a plugin that is a file or an npm package; bundled packs are single words. */
export function isForeign(use: string): boolean {
  return use.startsWith('.') || isAbsolute(use) || use.startsWith('@') || /[/\\.:]/.test(use);
}
