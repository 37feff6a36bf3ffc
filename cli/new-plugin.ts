import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PLUGIN_NAME } from '../core/load/validate.js';
import { holdsHaloSecret } from '../core/secret-form.js';
import pkg from '../package.json' with { type: 'json' };
import { bundled } from './packs.js';
import { Failure, print, say, UsageError } from './print.js';

/** The root of this package. Sources and `dist` are both directly under it. */
const ROOT = fileURLToPath(new URL('..', import.meta.url));
const TEMPLATE = join(ROOT, 'template');

/**
 * `halo-mcp new-plugin NAME`: a new package in ./NAME with a tool on a real endpoint, its tests and a README.
 * @throws UsageError for a name that no plugin may have, or a folder that exists
 */
export function newPlugin(name: string): void {
  if (!existsSync(TEMPLATE))
    throw new Failure(`This install came without the template of a plugin. Run: npx -y ${pkg.name} new-plugin ${name}`);
  checkName(name);
  const folder = resolve(name);
  // A link counts too, wherever it leads.
  if (lstatSync(folder, { throwIfNoEntry: false }))
    throw new UsageError(`./${name} is there already. Choose another name, or move it away.`);
  for (const file of readdirSync(TEMPLATE, { recursive: true, withFileTypes: true })) {
    if (!file.isFile()) continue;
    const path = join(file.parentPath, file.name);
    const target = join(folder, path.slice(TEMPLATE.length)).replace(/gitignore$/, '.gitignore');
    mkdirSync(dirname(target), { recursive: true });
    const text = named(readFileSync(path, 'utf8'), name);
    writeFileSync(target, file.name === 'package.json' ? withDependencies(text) : text, { flag: 'wx' });
  }
  say(
    `Made ./${name}, a plugin with one tool, list_${snake(name)}_tickets. It builds and passes its tests as it is:\n`,
  );
  print(`  cd ${name}\n  npm install\n  npm test\n`);
  say(
    `To serve it, name it in a config, such as { "plugins": ["tickets", "./${name}"] }, and start with --config FILE.`,
  );
}

function checkName(name: string): void {
  const better = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '')
    .slice(0, 40);
  if (!PLUGIN_NAME.test(name))
    throw new UsageError(
      `"${name}" is not a valid plugin name: use 2 to 40 lower-case letters, digits and hyphens, such as "${PLUGIN_NAME.test(better) && !holdsHaloSecret(name) ? better : 'on-call'}".`,
    );
  if (Object.hasOwn(bundled, name))
    throw new UsageError(`"${name}" is the name of a bundled pack. Choose another, such as "my-${name}".`);
}

const snake = (name: string) => name.replaceAll('-', '_');

/** The template is a plugin named acme. All its forms are replaced in one go, as the new name may hold that word too. */
export function named(text: string, name: string): string {
  const words = name.split('-').filter(Boolean);
  const title = words.map((word) => word.replace(/^./, (first) => first.toUpperCase()));
  const forms: Record<string, string> = {
    list_acme_: `list_${snake(name)}_`,
    listAcme: `list${title.join('')}`,
    Acme: title.join(' '),
    acme: name,
  };
  return text.replace(/list_acme_|listAcme|Acme|acme/g, (form) => forms[form] ?? form);
}

function withDependencies(text: string): string {
  const { typescript, vitest, '@types/node': node } = pkg.devDependencies;
  const others = { '@types/node': `^${node}`, typescript: `^${typescript}`, vitest: `^${vitest}` };
  const devDependencies = { ...others, [pkg.name]: ownVersion(ROOT) };
  return `${JSON.stringify({ ...(JSON.parse(text) as object), devDependencies }, null, 2)}\n`;
}

/** How a package depends on the running install: by version if it came from a registry, else by path. */
function ownVersion(root: string): string {
  const modules = dirname(root.replace(/[/\\]$/, ''));
  const lock = join(modules, '.package-lock.json');
  if (basename(modules) === 'node_modules' && existsSync(lock)) {
    const { packages = {} } = JSON.parse(readFileSync(lock, 'utf8')) as {
      packages?: Record<string, { resolved?: string }>;
    };
    if (/^https?:/.test(packages[`node_modules/${pkg.name}`]?.resolved ?? '')) return `^${pkg.version}`;
  }
  return `file:${root.replaceAll('\\', '/').replace(/\/$/, '')}`;
}
