import * as nodeModule from 'node:module';
import { register } from 'node:module';

type Next = (specifier: string, context: object) => unknown;

let offered = false;

/**
 * Lets a plugin file in any folder import `halo-psa-mcp` and get the running server's copy: one zod, one set of
 * definitions, no install beside the file. From now on `resolveFrom` works, too.
 */
export function offerSelf(self: Record<string, string>): void {
  if (offered) return;
  offered = true;
  const hooks = nodeModule as unknown as { registerHooks?: (hooks: object) => void };
  if (hooks.registerHooks !== undefined) hooks.registerHooks({ resolve: resolver(self, FROM) });
  else register(`data:text/javascript,${encodeURIComponent(HOOK)}`, { data: [self, FROM] });
}

/**
 * The URL of what `import` finds under a name from the folder of a file, as Node reads `exports`; Node itself can only
 * look from the file that asks.
 * @throws Error with Node's code, if there is none
 */
export const resolveFrom = (specifier: string, file: string): string =>
  import.meta.resolve(`${FROM}${encodeURIComponent(JSON.stringify([specifier, file]))}`);

/** Before the name of a module and the file that it is looked for from. */
const FROM = 'halo-mcp-from:';

/** The hook, which may use nothing around it: where it can't run beside the server, its text runs in a thread. */
function resolver(self: Record<string, string>, from: string) {
  return (specifier: string, context: object, next: Next): unknown => {
    if (self[specifier] !== undefined) return { url: self[specifier], shortCircuit: true };
    if (!specifier.startsWith(from)) return next(specifier, context);
    const [name, parentURL] = JSON.parse(decodeURIComponent(specifier.slice(from.length)));
    return next(name, { ...context, parentURL });
  };
}

const HOOK = `
let hook;
export function initialize(data) { hook = (${resolver})(...data); }
export const resolve = (...args) => hook(...args);`;
