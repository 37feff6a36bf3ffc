import { basename } from 'node:path/posix';
import pkg from '../package.json' with { type: 'json' };

/** Who the server says it is. */
export const identity = { name: 'halo-mcp', title: 'Halo PSA MCP', version: pkg.version };

/** The files of the built package that lie beside this one. */
export const beside = (file: string) => new URL(`./${file}`, import.meta.url).href;

/** What `halo-psa-mcp`, `halo-psa-mcp/values` and each other entry of the package mean inside a plugin file. */
export const self: Record<string, string> = Object.fromEntries(
  Object.entries(pkg.exports).flatMap(([entry, to]) =>
    typeof to === 'string' ? [] : [[`${pkg.name}${entry.slice(1)}`, beside(basename(to.default))]],
  ),
);

/** Entry points of processes that are started. */
export const entries = { sandbox: beside('sandbox.js') };
