import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

/** Runs a TypeScript module of scripts/ and returns its exports. */
export const run = async (entry) => import(pathToFileURL(await bundled(`scripts/${entry}.ts`)).href);

/** Bundles a TypeScript module into one file that Node can run. @returns its path */
export async function bundled(source) {
  const outfile = resolve(`node_modules/.cache/halo-mcp/${source.replace(/\.ts$/, '').replaceAll('/', '-')}.mjs`);
  await build({
    entryPoints: [source],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    logLevel: 'warning',
  });
  return outfile;
}
