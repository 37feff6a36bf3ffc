import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const LICENCE = /^(licen[cs]e|copying|notice)([.-].*)?$/i;
const PACKAGE = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//;

/** The folders of the packages that are at least partly in a bundle. */
export function packagesOf({ outputs }) {
  const inputs = Object.values(outputs).flatMap(({ inputs }) => Object.keys(inputs));
  return [...new Set(inputs.flatMap((path) => PACKAGE.exec(path)?.[1] ?? []))];
}

/**
 * The licences of the bundled packages with their texts, for people who get only the bundle.
 * @param {{ outputs: Record<string, { inputs: Record<string, { bytesInOutput: number }> }> }} metafile esbuild's
 * metafile
 * @throws Error for a package that neither contains a licence text nor names a licence
 */
export function notices(metafile) {
  const parts = new Map(packagesOf(metafile).map((folder) => partOf(folder)));
  return [
    'halo-psa-mcp is bundled with the following packages. Their licences:',
    ...[...parts.entries()].sort(([a], [b]) => a.localeCompare(b, 'en')).map(([title, text]) => `${title}\n\n${text}`),
  ].join(`\n\n${'-'.repeat(80)}\n\n`);
}

/** The name of a package with its version and licence, and the licence's text. */
function partOf(folder) {
  const { name, version, license, author } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const files = existsSync(folder) ? readdirSync(folder).filter((file) => LICENCE.test(file)) : [];
  const texts = files.map((file) => readFileSync(join(folder, file), 'utf8').trim());
  const holder = typeof author === 'string' ? author : author?.name;
  if (texts.length === 0 && typeof license !== 'string') throw new Error(`${name} in the bundle has no licence.`);
  return [
    `${name} ${version} (${typeof license === 'string' ? license : 'see below'})`,
    texts.length > 0 ? texts.join('\n\n') : `Licensed under ${license}${holder ? `, copyright ${holder}` : ''}.`,
  ];
}
