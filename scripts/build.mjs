// Bundles the command, the plugin API and the sandbox into dist/: one file each, shared code in chunks beside them.
import { chmodSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { build } from 'esbuild';
import { run } from './bundle.mjs';
import { notices } from './notices.mjs';
import { sbom } from './sbom.mjs';

/** Leaves zod's messages in some fifty languages out of the bundle: the server writes its own. */
const withoutLocales = {
  name: 'without-locales',
  setup: ({ onLoad }) =>
    onLoad({ filter: /zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () => ({ contents: 'export {};' })),
};

/**
 * The protocol's server class imports a JSON Schema validator for the forms that clients fill in. This server's forms
 * have no fields, so the validator's 190 KB are not loaded at each start.
 */
const withoutValidator = {
  name: 'without-validator',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /[\\/]ajv-provider\.js$/ }, ({ importer }) =>
      /sdk[\\/]dist[\\/]esm[\\/]server[\\/]/.test(importer) ? { path: 'none', namespace: 'validator' } : undefined,
    );
    onLoad({ filter: /^none$/, namespace: 'validator' }, () => ({
      contents:
        "export class AjvJsonSchemaValidator { getValidator() { throw new Error('Forms have no fields here.'); } }",
    }));
  },
};

/** The HTTP engine can also pass calls on to other servers, through a client of 420 KB that nothing here uses. */
const withoutClient = {
  name: 'without-client',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^@modelcontextprotocol\/client$/ }, ({ importer }) =>
      /[\\/]mcp-proxy[\\/]/.test(importer) ? { path: 'none', namespace: 'client' } : undefined,
    );
    onLoad({ filter: /^none$/, namespace: 'client' }, () => ({
      contents: ['Client', 'SSEClientTransport', 'StreamableHTTPClientTransport']
        .map((name) => `export class ${name} { constructor() { throw new Error('Calls are not passed on here.'); } }`)
        .join('\n'),
    }));
  },
};

/** The logger can also redact fields and write to files, from threads; here each line goes to a function. */
const withoutThreads = {
  name: 'without-threads',
  setup: ({ onResolve, onLoad }) => {
    onResolve(
      { filter: /^(\.\/(lib\/)?transport|sonic-boom|@pinojs\/redact|on-exit-leak-free|worker_threads)$/ },
      ({ importer }) => (/[\\/]pino[\\/]/.test(importer) ? { path: 'none', namespace: 'threads' } : undefined),
    );
    onLoad({ filter: /^none$/, namespace: 'threads' }, () => ({
      contents: "module.exports = class { constructor() { throw new Error('The log goes to a function here.'); } };",
    }));
  },
};

/** With the schema of the config compiled into code, a start with a plain config needs no schema library. */
const withPlainCheck = {
  name: 'plain-check',
  setup: ({ onLoad }) =>
    onLoad({ filter: /[\\/]config[\\/]plain\.ts$/ }, async () => ({
      contents: (await run('plain-check')).plainCheck(),
    })),
};

/**
 * What a start loads stands in few files: to find, read and link a file costs more than what is in it. The bundler puts
 * code that the same entries reach into one file, so every file that is loaded later reaches all of the start, too.
 * @param later the sources that are loaded on first use
 */
const startTogether = (later) => ({
  name: 'start-together',
  setup: ({ onLoad }) =>
    onLoad({ filter: /\.ts$/ }, ({ path }) =>
      later.has(relative('.', path).replaceAll('\\', '/'))
        ? { contents: `${readFileSync(path, 'utf8')}\nimport ${JSON.stringify(resolve('cli/run.ts'))};`, loader: 'ts' }
        : undefined,
    ),
});

const options = {
  entryPoints: {
    'halo-mcp': 'cli/main.ts',
    index: 'core/index.ts',
    values: 'core/values.ts',
    revenue: 'revenue/index.ts',
    testing: 'kit/index.ts',
    sandbox: 'sandbox/main.ts',
  },
  outdir: 'dist',
  metafile: true,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  // Of a package in both forms the modules: what is unused of them is left out.
  mainFields: ['module', 'main'],
  target: 'node20.19',
  chunkNames: '[name]-[hash]',
  legalComments: 'external',
  minifyWhitespace: true,
  minifySyntax: true,
  external: ['vitest'],
  logLevel: 'warning',
  plugins: [withoutLocales, withoutValidator, withoutClient, withoutThreads, withPlainCheck],
  // CommonJS packages in the bundle require() node's own modules.
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url); const __load = globalThis.process.features.require_module && !import.meta.env ? async (file) => require(file) : (file) => import(file);",
  },
};
// A first pass finds what is loaded on first use.
const draft = await build({ ...options, write: false });
const entries = Object.values(draft.metafile.outputs).flatMap(({ entryPoint = [] }) => entryPoint);
const later = new Set(entries.filter((file) => !Object.values(options.entryPoints).includes(file)));
const { metafile } = await build({ ...options, plugins: [...options.plugins, startTogether(later)] });
// Node caches a failed import() for good, even if a file was unreadable only for a moment, but retries a failed
// require(). So code that loads on first use is loaded by require() if this Node can; but not where Vite runs the tests
// of a plugin: require() would load a second copy beside the one that Vite loaded.
for (const file of Object.keys(metafile.outputs).filter((name) => name.endsWith('.js'))) {
  const text = readFileSync(file, 'utf8');
  const retried = text.replace(/\bimport\((?="\.\/[\w-]+\.js"\))/g, '__load(');
  if (retried !== text) writeFileSync(file, retried);
}
// Files of an older build are removed last, so that a failed build leaves a working one in place.
const NOTICES = 'dist/THIRD-PARTY-NOTICES.txt';
const SBOM = 'dist/sbom.cdx.json';
const made = new Set([...Object.keys(metafile.outputs), 'dist/types', 'dist/cards.json', NOTICES, SBOM]);
for (const file of readdirSync('dist')) if (!made.has(`dist/${file}`)) rmSync(`dist/${file}`, { recursive: true });
writeFileSync(NOTICES, `${notices(metafile)}\n`);
writeFileSync(SBOM, `${JSON.stringify(sbom(metafile), null, 1)}\n`);
writeFileSync('dist/cards.json', JSON.stringify(await (await run('cards')).cards()));
chmodSync('dist/halo-mcp.js', 0o755);
