import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import pkg from '../package.json' with { type: 'json' };
import { sbom } from '../scripts/sbom.mjs';

const ROOT = resolve(import.meta.dirname, '..');
const read = (name: string) => readFileSync(join(ROOT, 'dist', name), 'utf8');

interface Bom {
  metadata: { component: { name: string; version: string } };
  components: { name: string; version: string; purl: string; properties: { value: string }[] }[];
}

describe('the list of what the package is made of', () => {
  const bom = JSON.parse(read('sbom.cdx.json')) as Bom;
  const named = bom.components.map(({ name, version }) => `${name} ${version}`);

  test('holds each package whose licence is shipped, and no other but those installed beside it', () => {
    const licensed = [...read('THIRD-PARTY-NOTICES.txt').matchAll(/^(\S+ \d\S*) \(.+\)$/gm)].map(([, title]) => title);
    expect(licensed.length).toBeGreaterThan(20);
    const beside = Object.entries(pkg.dependencies).map(([name, version]) => `${name} ${version}`);
    expect([...named].sort()).toEqual([...new Set([...licensed, ...beside])].sort());
  });

  test('the licences name the copyright holders of each package, and have each text once', () => {
    const TITLE = /^\S+ \d\S* \(.+\)$/gm;
    const COPYRIGHT = /^[ \t]*Copyright (?!\[).*/gm;
    const parts = read('THIRD-PARTY-NOTICES.txt')
      .split(`\n${'-'.repeat(80)}\n`)
      .slice(1);
    let checked = 0;
    for (const { name, version } of bom.components) {
      const title = `\n${name} ${version} (`;
      const part = parts.find((one) => one.includes(title));
      const folder = join(ROOT, 'node_modules', name);
      const licence = readdirSync(folder).find((file) => /^licen[cs]e([.-].*)?$/i.test(file));
      // What is installed beside brings its own licence; another version of a package is deeper in the tree.
      const isHere = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version === version;
      if (part === undefined || licence === undefined || !isHere) continue;
      const below = part.slice(part.indexOf(title) + 1);
      const own = part.match(TITLE)?.length === 1 ? below : below.split('\n\n', 1)[0];
      const lines = own?.split('\n').map((line) => line.trim());
      for (const holder of readFileSync(join(folder, licence), 'utf8').match(COPYRIGHT) ?? [])
        expect(lines, name).toContain(holder.trim());
      checked += 1;
    }
    expect(checked).toBeGreaterThan(80);
    const texts = parts.map((part) => part.replace(TITLE, '').replace(COPYRIGHT, '').replace(/\s+/g, ' '));
    expect(new Set(texts).size).toBe(texts.length);
  });

  test('says which package it is of', () => {
    expect(bom.metadata.component).toMatchObject({ name: pkg.name, version: pkg.version });
  });

  test('is the same each time, and knows what is bundled from what is installed', () => {
    const inputs = {
      'node_modules/got/dist/source/index.js': { bytesInOutput: 1 },
      'core/index.ts': { bytesInOutput: 1 },
    };
    const made = () => sbom({ outputs: { 'dist/a.js': { inputs } } }) as Bom;
    expect(made()).toEqual(made());
    const how = new Map(made().components.map(({ name, properties }) => [name, properties[0]?.value]));
    expect(how).toEqual(
      new Map([
        ['@types/big.js', 'installed'],
        ['got', 'bundled'],
        ['zod', 'installed'],
      ]),
    );
  });
});
