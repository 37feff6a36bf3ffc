import { readFileSync } from 'node:fs';
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
    const licensed = [...read('THIRD-PARTY-NOTICES.txt').matchAll(/^-{80}\n\n(\S+ \d\S*) \(/gm)].map(
      ([, title]) => title,
    );
    expect(licensed.length).toBeGreaterThan(20);
    const beside = Object.entries(pkg.dependencies).map(([name, version]) => `${name} ${version}`);
    expect([...named].sort()).toEqual([...new Set([...licensed, ...beside])].sort());
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
