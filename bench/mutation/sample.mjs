/** Mutates one in `SAMPLE` top-level declarations, picked by its place in the file so that every run has the same; `AT` picks others. */
const [one, at] = [Number(process.env.SAMPLE ?? 1), Number(process.env.AT ?? 0)];

/** @type {import('@stryker-mutator/api/ignore').Ignorer} */
const sample = {
  shouldIgnore({ node, parentPath }) {
    if (parentPath?.isProgram() !== true) return undefined;
    return (node.start * 31 + node.end) % one === at % one ? undefined : 'not in the sample';
  },
};

export const strykerPlugins = [{ kind: 'Ignore', name: 'sample', value: sample }];
