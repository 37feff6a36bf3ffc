export function sbom(metafile: object): object;
