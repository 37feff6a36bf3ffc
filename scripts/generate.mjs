// Writes the generated files (see generated.ts). They are checked in; CI writes them again and looks for a difference.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const outfile = resolve('node_modules/.cache/halo-mcp/generated.mjs');
await build({
  entryPoints: ['scripts/generated.ts'],
  outfile,
  bundle: true,
  format: 'esm',
  platform: 'node',
  packages: 'external',
  logLevel: 'warning',
});
const { generated } = await import(pathToFileURL(outfile).href);
for (const [path, content] of Object.entries(await generated())) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}
