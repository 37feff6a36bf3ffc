// Writes the generated files (see generated.ts). They are checked in; CI regenerates them and compares.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { run } from './bundle.mjs';

const { generated } = await run('generated');
for (const [path, content] of Object.entries(await generated())) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}
