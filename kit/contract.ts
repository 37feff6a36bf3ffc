import { dirname, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AnyTool, Plugin } from '../core/define.js';
import { CONFIRM } from '../core/define-write.js';
import { scopeOfPath } from '../core/halo/scopes.js';
import { readManifest } from '../core/load/manifest.js';
import { withOptions } from '../core/load/options.js';
import { pluginFault, toolFault } from '../core/load/validate.js';
import { soundsSecret } from '../core/make/secret-names.js';
import { tokensOf } from '../core/output/fit.js';
import { outsideSubset, publicTool } from '../core/output/schema.js';
import { endpoints } from '../sandbox/endpoints/index.js';
import type { Sandbox, SandboxOptions, SandboxReply, SandboxRequest } from '../sandbox/index.js';
import { blindArguments } from './blind.js';
import { hostileTwin, MARK } from './hostile.js';
import { sandbox } from './sandbox.js';
import { examplesOf, openTool, type Stage, type Trial, tokenOf } from './trial.js';
import { proveWrites } from './writes.js';

/** How to test a plugin for which the defaults are not enough. */
export interface Contract {
  /** The `options` of the pack's entry in the config. */
  options?: Record<string, unknown>;
  /** Your own answers for what the sandbox does not have; undefined leaves it to the sandbox. */
  answer?: (request: SandboxRequest) => SandboxReply | undefined;
  /** What your sandbox has in addition: your own endpoints, rows and scopes. */
  sandbox?: Pick<SandboxOptions, 'routes' | 'rows' | 'scopes'>;
  /** The folder of the public schemas' snapshots, relative to the test file. */
  snapshots?: string;
}

/** Arguments that need no description beyond their name. */
const PLAIN = /^([a-z]+|\w+_(id|ids|name|from|to|before|after|days|limit|size|only)|(include|open|as)_\w+)$/;
const MOST_TOKENS = 800;
/** What to do if the snapshot is missing or differs. */
const KEEP = 'Run the tests with --update on your own machine, look at what it holds, and commit it.';

/**
 * The contract that any plugin can run in its own vitest. For each tool it tests the name, the description of its
 * arguments, the token budget and the public schema (against a snapshot); then it calls the tool on the sandbox, with
 * its `examples`, and tests that the answer matches the output schema, that the declared scopes are used and suffice,
 * that the effect agrees with the methods, and that text of end users is fenced. For a tool that writes it proves that
 * only what was shown and confirmed is posted, and only once.
 *
 * @example describePlugin(plugin);
 */
export function describePlugin(
  given: Plugin,
  { options = {}, answer, sandbox: own = {}, snapshots = './snapshots' }: Contract = {},
): void {
  const { plugin } = withOptions(given, options, ['options'], 'describePlugin', soundsSecret);
  describe(`the plugin "${plugin.name}"`, () => {
    test('is a plugin of this API', () => {
      expect(pluginFault(plugin)).toBeUndefined();
    });

    test('has no tool twice', () => {
      const names = plugin.tools.map(({ name }) => name);
      expect(names).toEqual([...new Set(names)]);
    });

    test('asks for the scopes that its package.json names, and for no others', () => {
      const manifest = readManifest(dirname(expect.getState().testPath ?? ''));
      if (manifest === undefined) return;
      const asked = plugin.tools.flatMap(({ scopes, optionalScopes = [] }) => [...scopes, ...optionalScopes]);
      expect([...manifest.scopes].sort(), '"halo-mcp" in package.json lists the scopes of all tools').toEqual(
        [...new Set(asked)].sort(),
      );
    });

    const opened: Sandbox[] = [];
    const kept = (made: Sandbox) => {
      opened.push(made);
      return made;
    };
    const start = async () =>
      kept(await sandbox({ scopes: ['all'], ...own, intercept: (request) => answer?.(request) ?? taken(request) }));
    const known = new Set([...KNOWN, ...Object.keys(own.routes ?? {}).map((path) => wordOf(path.toLowerCase()))]);
    let halo: Sandbox;
    let hostile: Sandbox;
    beforeAll(async () => {
      halo = await start();
      hostile = kept(await hostileTwin(halo));
    });
    afterAll(() => Promise.all(opened.map((one) => one.close())));
    const stage = (): Stage => ({ plugin, halo, options });
    /** A stage where nothing has been changed yet. */
    const untouched = async (): Promise<Stage> => ({ plugin, halo: await start(), options });

    describe.each(plugin.tools.map((tool) => [tool.name, tool] as const))('%s', (name, tool) => {
      test('is a tool of this API', () => {
        expect(toolFault(tool)).toBeUndefined();
      });

      test('describes every argument whose name does not say it', () => {
        const { properties = {} } = publicTool(tool).inputSchema as { properties?: Record<string, object> };
        const silent = Object.entries(properties).filter(
          ([arg, schema]) =>
            !PLAIN.test(arg) && !('description' in schema) && !JSON.stringify(schema).includes('"enum"'),
        );
        expect(silent.map(([arg]) => arg)).toEqual([]);
      });

      test('takes arguments that every model API can be told of', () => {
        expect(toolFault(tool) === undefined ? outsideSubset(tool) : []).toEqual([]);
      });

      test('reads with scopes that read', () => {
        expect(tool.effect === 'read' ? tool.scopes.filter((scope) => /^edit/.test(scope)) : []).toEqual([]);
      });

      test('costs few tokens', () => {
        const { outputSchema: _, ...shown } = publicTool(tool);
        expect(tokensOf(JSON.stringify(shown))).toBeLessThanOrEqual(MOST_TOKENS);
      });

      test('shows the public schema of its snapshot', async () => {
        const schema = `${JSON.stringify(publicTool(tool), null, 2)}\n`;
        const file = resolve(dirname(expect.getState().testPath ?? ''), snapshots, `${name}.json`);
        // Vitest writes the first one, but not in CI, where an unreviewed one would pass for good.
        await expect(schema, `The snapshot is ${file}. ${KEEP}`).toMatchFileSnapshot(file);
      });

      let tried: Promise<readonly Trial[]> | undefined;
      /** The calls that the tests below examine, made once. */
      const trials = async (skip: (why: string) => void) => {
        if (toolFault(tool) !== undefined) skip('It is not a tool of this API.');
        tried ??= examplesOf(stage(), tool).then((examples) => tryAll(stage(), tool, examples));
        const made = await tried;
        if (made.length === 0) skip(`${name} needs arguments: give it \`examples\`.`);
        const stranger = made.flatMap((trial) => strangers(trial, known))[0];
        if (stranger !== undefined)
          skip(`The sandbox has no ${stranger}: give it one by describePlugin's \`sandbox: { routes }\`.`);
        return made;
      };

      test('answers on the sandbox as its output schema says', async ({ skip }) => {
        expect(storiesOf(await trials(skip), ({ code }) => code !== undefined)).toEqual([]);
      });

      test('declares the scopes that it uses, and no others', async ({ skip }) => {
        const made = await trials(skip);
        expect(storiesOf(made, ({ code }) => code === 'PLUGIN_PATH_UNDECLARED')).toEqual([]);
        const used = new Set(made.flatMap(({ requests }) => requests.map(scopeOf)));
        expect(tool.scopes.filter((scope) => !used.has(scope))).toEqual([]);
      });

      test('does without its optional scopes, or says which one is missing', async ({ skip }) => {
        if (!tool.optionalScopes?.length) return;
        const alone = await tryAll(stage(), tool, unconfirmed(await trials(skip)), false);
        expect(storiesOf(alone, ({ code }) => code !== undefined && code !== 'HALO_SCOPE_MISSING')).toEqual([]);
      });

      test('does to Halo what its effect says', async ({ skip }) => {
        const made = await trials(skip);
        expect(storiesOf(made, ({ code }) => code === 'PLUGIN_WRITE_REFUSED')).toEqual([]);
        const writes = made.some(({ requests }) => requests.some(({ method }) => method !== 'GET'));
        expect({ effect: tool.effect, writes }).toEqual({ effect: tool.effect, writes: tool.effect !== 'read' });
      });

      test('leaves what Halo sent as it is for other calls', async ({ skip }) => {
        const whole = (await trials(skip)).find(({ code }) => code === undefined);
        if (whole === undefined || tool.effect !== 'read') return;
        const call = await openTool(stage(), tool);
        const { args } = whole;
        const together = await Promise.all([call({ ...args }), call({ ...args })]);
        expect(
          storiesOf(together, ({ code }) => code !== undefined),
          'Calls that ask the same at the same moment share the rows, frozen. Copy what you change.',
        ).toEqual([]);
      });

      if (tool.source?.kind === 'list' && Object.keys(tool.source.filters).length > 0)
        test('notices a Halo that ignores its filters', async ({ skip }) => {
          const [first] = await trials(skip);
          expect(
            await blindArguments(stage(), tool, barest(tool, first?.args ?? {})),
            'Halo ignores what it does not know: give the filter a `test` that looks at each row.',
          ).toEqual([]);
        });

      test('keeps the words of people outside between the tags of data', async ({ skip }) => {
        const examples = unconfirmed(await trials(skip));
        const own = tool.write === undefined ? hostile : kept(await hostileTwin((await untouched()).halo));
        const made = await tryAll({ ...stage(), halo: own }, tool, examples);
        expect(storiesOf(made, ({ code }) => code !== undefined)).toEqual([]);
        expect(storiesOf(made, ({ text }) => text.replace(FENCED, '').includes(MARK))).toEqual([]);
      });

      if (tool?.write !== undefined) proveWrites(tool, { untouched, trials });
    });
  });
}

/** As few of an example's arguments as the tool accepts: none if it needs none. */
const barest = (tool: AnyTool, args: Trial['args']): Trial['args'] => (tool.input.safeParse({}).success ? {} : args);

const FENCED = /<(halo-data-[\w-]+)>\n[\s\S]*?\n<\/\1>/g;

async function tryAll(stage: Stage, tool: AnyTool, examples: readonly object[], optional = true): Promise<Trial[]> {
  const made: Trial[] = [];
  for (const args of examples) {
    const call = await openTool(stage, tool, optional);
    const first = await call({ ...args });
    made.push(first);
    // A change is made once its preview is confirmed.
    if (tool.write !== undefined && first.code === undefined)
      made.push(await call({ ...args, [CONFIRM]: tokenOf(first) }));
  }
  return made;
}

/** The arguments of the examples, without confirmations: a token is valid only on the server that gave it. */
const unconfirmed = (made: readonly Trial[]) => made.map(({ args }) => args).filter((args) => !(CONFIRM in args));

/** What the faulty calls sent and got, for the reader of a failed test. */
const storiesOf = (made: readonly Trial[], isFault: (trial: Trial) => boolean) =>
  made.filter(isFault).map(({ story }) => story);

const scopeOf = ({ path, method }: SandboxRequest) => scopeOfPath(path.slice('/api'.length), method !== 'GET');

/** Echoes a write that the sandbox does not accept, with an id, as Halo does with one that it accepts. */
function taken({ method, path, body = '' }: SandboxRequest): SandboxReply | undefined {
  if (method === 'GET' || !path.startsWith('/api/') || TAKES.has(wordOf(path.slice('/api'.length)))) return undefined;
  const posted: unknown = JSON.parse(body || '[]');
  const record = Array.isArray(posted) ? posted[0] : posted;
  return { status: 201, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ id: 1, ...record }) };
}

const KNOWN = new Set(endpoints({}).keys());
/** Resources that the sandbox itself accepts posts for. */
const TAKES = new Set([...endpoints({}).values()].flatMap(({ path, post }) => (post === undefined ? [] : path)));

/** The paths of a call that failed because the sandbox has no such resource. */
const strangers = ({ code, requests }: Trial, known: ReadonlySet<string>): string[] =>
  code === 'HALO_NOT_FOUND'
    ? requests.map(({ path }) => path.slice('/api'.length)).filter((path) => !known.has(wordOf(path)))
    : [];

const wordOf = (path: string) => path.split('/')[1]?.toLowerCase() ?? '';
