import * as nodeModule from 'node:module';
import { register } from 'node:module';

let offered = false;

/**
 * Lets a plugin file in any folder import `halo-psa-mcp` and get the running server's copy: one zod, one set of
 * definitions, no install beside the file.
 */
export function offerSelf(self: Record<string, string>): void {
  if (offered) return;
  offered = true;
  const hooks = nodeModule as unknown as { registerHooks?: (hooks: object) => void };
  if (hooks.registerHooks !== undefined) {
    const resolveSelf = (
      specifier: string,
      context: unknown,
      next: (specifier: string, context: unknown) => unknown,
    ) => (self[specifier] === undefined ? next(specifier, context) : { url: self[specifier], shortCircuit: true });
    hooks.registerHooks({ resolve: resolveSelf });
    return;
  }
  register(`data:text/javascript,${encodeURIComponent(HOOK)}`, { data: self });
}

const HOOK = `
let self = {};
export function initialize(data) { self = data; }
export function resolve(specifier, context, next) {
  return self[specifier] === undefined ? next(specifier, context) : { url: self[specifier], shortCircuit: true };
}`;
