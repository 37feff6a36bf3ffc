// Makes halo-psa-mcp.mcpb, which Claude Desktop installs with a click: the built server and its manifest, without
// packages.
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { packExtension, validateManifest } from '@anthropic-ai/mcpb';
import { run } from './bundle.mjs';

const output = resolve(process.argv[2] ?? 'halo-psa-mcp.mcpb');
const folder = mkdtempSync(join(tmpdir(), 'halo-mcp-mcpb-'));
try {
  const { manifest } = await run('publish');
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify(await manifest(), null, 2));
  mkdirSync(join(folder, 'dist'));
  cpSync('dist', join(folder, 'dist'), { recursive: true, filter: (path) => !path.startsWith(join('dist', 'types')) });
  for (const file of ['package.json', 'LICENSE', 'README.md']) cpSync(file, join(folder, file));
  if (!validateManifest(join(folder, 'manifest.json'))) process.exit(1);
  if (!(await packExtension({ extensionPath: folder, outputPath: output }))) process.exit(1);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
