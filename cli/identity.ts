import { basename } from 'node:path/posix';
import pkg from '../package.json' with { type: 'json' };

/** How the server introduces itself. */
export const identity = { name: 'halo-mcp', title: 'Halo PSA MCP', version: pkg.version };

/** The URL of a file beside this one in the built package. */
export const beside = (file: string) => new URL(`./${file}`, import.meta.url).href;

/** What each entry of the package (`halo-psa-mcp`, `halo-psa-mcp/values` …) resolves to inside a plugin file. */
export const self: Record<string, string> = Object.fromEntries(
  Object.entries(pkg.exports).flatMap(([entry, to]) =>
    typeof to === 'string' ? [] : [[`${pkg.name}${entry.slice(1)}`, beside(basename(to.default))]],
  ),
);

/** Entry points of child processes. */
export const entries = { sandbox: beside('sandbox.js') };
