import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const LICENCE = /^(licen[cs]e|copying|notice)([.-].*)?$/i;
const PACKAGE = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//;

/** The folders of the packages that are at least partly in a bundle. */
export function packagesOf({ outputs }) {
  const inputs = Object.values(outputs).flatMap(({ inputs }) => Object.keys(inputs));
  return [...new Set(inputs.flatMap((path) => PACKAGE.exec(path)?.[1] ?? []))];
}

/** The lines of a licence that say whose it is. */
const COPYRIGHT = /^[ \t]*Copyright (?!\[).*\n*/gm;

const LINE = '-'.repeat(80);

/**
 * The licences of the bundled packages with their texts, for people who get only the bundle. Packages whose texts are
 * the same but for the copyright lines share one, below those lines.
 * @param {{ outputs: Record<string, { inputs: Record<string, { bytesInOutput: number }> }> }} metafile esbuild's
 * metafile
 * @throws Error for a package that neither contains a licence text nor names a licence
 */
export function notices(metafile) {
  const texts = new Map(packagesOf(metafile).map(licenceOf));
  const shared = new Map();
  for (const title of [...texts.keys()].sort((a, b) => a.localeCompare(b, 'en'))) {
    const key = texts.get(title).replace(COPYRIGHT, '').replace(/\s+/g, ' ');
    shared.set(key, [...(shared.get(key) ?? []), title]);
  }
  return [
    'halo-psa-mcp is bundled with the following packages. Their licences:',
    ...[...shared.values()].map((titles) => partOf(titles, texts)),
  ].join(`\n\n${LINE}\n\n`);
}

/** The text of a package's licence, or of the licence that several share, below their titles. */
function partOf([first, ...others], texts) {
  const text = texts.get(first);
  if (others.length === 0) return `${first}\n\n${text}`;
  const holders = (title) => (texts.get(title).match(COPYRIGHT) ?? []).map((line) => `\n${line.trim()}`).join('');
  const titles = [first, ...others].map((title) => `${title}${holders(title)}`);
  return `${titles.join('\n\n')}\n\n${text.replace(COPYRIGHT, '')}`;
}

/** The name of a package with its version and licence, and the licence's text. */
function licenceOf(folder) {
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
