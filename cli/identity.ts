import pkg from '../package.json' with { type: 'json' };

/** Who the server says it is. */
export const identity = { name: 'halo-mcp', title: 'Halo PSA MCP', version: pkg.version };

/** The files of the built package that lie beside this one. */
export const beside = (file: string) => new URL(`./${file}`, import.meta.url).href;

/** What `halo-psa-mcp` means inside a plugin file. */
export const self = { 'halo-psa-mcp': beside('index.js'), 'halo-psa-mcp/testing': beside('testing.js') };

/** Entry points of processes that are started. */
export const entries = { sandbox: beside('sandbox.js') };
