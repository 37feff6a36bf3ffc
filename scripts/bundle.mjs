import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

/** Runs a TypeScript module of scripts/ and gives its exports. */
export async function run(entry) {
  const outfile = resolve(`node_modules/.cache/halo-mcp/${entry}.mjs`);
  await build({
    entryPoints: [`scripts/${entry}.ts`],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    logLevel: 'warning',
  });
  return import(pathToFileURL(outfile).href);
}
