import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packagesOf } from './notices.mjs';

/**
 * The package's bill of materials in CycloneDX: the packages bundled into it and those installed with it. It has no
 * timestamp or serial number, so that the same sources give the same file.
 * @param metafile esbuild's metafile
 */
export function sbom(metafile) {
  const own = read('.');
  const beside = Object.keys(own.dependencies).map((name) => [join('node_modules', name), 'installed']);
  const bundled = packagesOf(metafile).map((folder) => [folder, 'bundled']);
  const components = new Map(
    [...beside, ...bundled].map(([folder, how]) => {
      const component = componentOf(read(folder));
      return [component['bom-ref'], { ...component, properties: [{ name: 'halo-psa-mcp:how', value: how }] }];
    }),
  );
  const { 'bom-ref': ref, ...root } = componentOf(own);
  const sorted = [...components.values()].sort((a, b) => a['bom-ref'].localeCompare(b['bom-ref'], 'en'));
  return {
    ...{ bomFormat: 'CycloneDX', specVersion: '1.5', version: 1 },
    metadata: { component: { ...root, type: 'application', 'bom-ref': ref } },
    components: sorted,
    dependencies: [{ ref, dependsOn: sorted.map((one) => one['bom-ref']) }],
  };
}

const read = (folder) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));

function componentOf({ name, version, license }) {
  const purl = `pkg:npm/${name.replace(/^@/, '%40')}@${version}`;
  const licenses =
    typeof license !== 'string' ? [] : [/[ ()]/.test(license) ? { expression: license } : { license: { id: license } }];
  return { type: 'library', 'bom-ref': purl, name, version, purl, ...(licenses.length > 0 && { licenses }) };
}
