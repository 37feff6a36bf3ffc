// What an installation adds: packages and their size, as npm installs them into an empty folder.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { here, MIB } from './process.mjs';

const filesOf = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile())
    .map((one) => join(one.parentPath ?? one.path, one.name));
const sizeOf = (folder) => filesOf(folder).reduce((sum, file) => sum + statSync(file).size, 0);

export function installed() {
  const folder = mkdtempSync(join(tmpdir(), 'halo-mcp-install-'));
  const npm = (args, cwd) => execFileSync('npm', args, { cwd, stdio: ['ignore', 'pipe', 'ignore'] }).toString();
  const [{ filename }] = JSON.parse(
    npm(['pack', '--json', '--ignore-scripts', '--pack-destination', folder], here('..')),
  );
  npm(['init', '--yes'], folder);
  npm(['install', '--omit=dev', '--prefer-offline', '--no-audit', '--no-fund', `./${filename}`], folder);
  const names = readdirSync(join(folder, 'node_modules')).filter((name) => !name.startsWith('.'));
  const packages = names.flatMap((name) =>
    name.startsWith('@') ? readdirSync(join(folder, 'node_modules', name)).map((own) => `${name}/${own}`) : [name],
  );
  const figures = {
    packages: packages.sort(),
    mib: sizeOf(join(folder, 'node_modules')) / MIB,
    own: sizeOf(join(folder, 'node_modules', 'halo-psa-mcp')) / MIB,
  };
  rmSync(folder, { recursive: true });
  return figures;
}

if (process.argv[1] === here('package.mjs')) console.log(installed());
