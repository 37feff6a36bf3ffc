import { dirname, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AnyTool, Plugin } from '../core/define.js';
import { scopeOfPath } from '../core/halo/scopes.js';
import { withOptions } from '../core/load/options.js';
import { pluginFault, toolFault } from '../core/load/validate.js';
import { soundsSecret } from '../core/make/secret-names.js';
import { tokensOf } from '../core/output/fit.js';
import { outsideSubset, publicTool } from '../core/output/schema.js';
import { endpoints } from '../sandbox/endpoints/index.js';
import type { Sandbox, SandboxReply, SandboxRequest } from '../sandbox/index.js';
import { hostileTwin, MARK } from './hostile.js';
import { sandbox } from './sandbox.js';
import { examplesOf, type Stage, type Trial, tryTool } from './trial.js';

/** How a plugin is tried, where the plain way does not serve it. */
export interface Contract {
  /** The `options` of the pack's entry in the config. */
  options?: Record<string, unknown>;
  /** Your own answers for what the sandbox does not have; undefined leaves it to the sandbox. */
  answer?: (request: SandboxRequest) => SandboxReply | undefined;
  /** Where the snapshots of the tools' public schemas lie, from the test file. */
  snapshots?: string;
}

/** Arguments whose name says all that there is to say. */
const PLAIN = /^([a-z]+|\w+_(id|ids|name|from|to|before|after|days|limit|size|only)|(include|open|as)_\w+)$/;
const MOST_TOKENS = 800;
/** What to do where it is missing or differs. */
const KEEP = 'Run the tests with --update on your own machine, look at what it holds, and commit it.';

/**
 * The contract that any plugin can run in its own vitest. Of each tool it tests the name, the description of its
 * arguments, the token budget and the public schema (against a snapshot); then it calls the tool on the sandbox, with
 * its `examples`, and tests that the answer matches the output schema, that the declared scopes are used and suffice,
 * that the effect agrees with the methods, and that text of end users is fenced.
 *
 * @example describePlugin(plugin);
 */
export function describePlugin(
  given: Plugin,
  { options = {}, answer, snapshots = './snapshots' }: Contract = {},
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

    let halo: Sandbox;
    let hostile: Sandbox;
    beforeAll(async () => {
      halo = await sandbox({ scopes: ['all'], intercept: (request) => answer?.(request) ?? taken(request) });
      hostile = await hostileTwin(halo);
    });
    afterAll(() => Promise.all([halo.close(), hostile.close()]));
    const stage = (): Stage => ({ plugin, halo, options });

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
        // Vitest writes the first one, but not in a CI, where one that nobody has looked at would pass for good.
        await expect(schema, `The snapshot is ${file}. ${KEEP}`).toMatchFileSnapshot(file);
      });

      let tried: Promise<readonly Trial[]> | undefined;
      /** The calls that the tests below look at, made once. */
      const trials = async (skip: (why: string) => void) => {
        if (toolFault(tool) !== undefined) skip('It is no tool of this API.');
        tried ??= examplesOf(stage(), tool).then((examples) => tryAll(stage(), tool, examples));
        const made = await tried;
        if (made.length === 0) skip(`${name} needs arguments: give it \`examples\`.`);
        const stranger = made.flatMap(strangers)[0];
        if (stranger !== undefined) skip(`The sandbox has no ${stranger}: give describePlugin an \`answer\` for it.`);
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
        const alone = await tryAll(
          stage(),
          tool,
          (await trials(skip)).map(({ args }) => args),
          false,
        );
        expect(storiesOf(alone, ({ code }) => code !== undefined && code !== 'HALO_SCOPE_MISSING')).toEqual([]);
      });

      test('does to Halo what its effect says', async ({ skip }) => {
        const made = await trials(skip);
        expect(storiesOf(made, ({ code }) => code === 'PLUGIN_WRITE_REFUSED')).toEqual([]);
        const writes = made.some(({ requests }) => requests.some(({ method }) => method !== 'GET'));
        expect({ effect: tool.effect, writes }).toEqual({ effect: tool.effect, writes: tool.effect !== 'read' });
      });

      test('keeps the words of people outside between the tags of data', async ({ skip }) => {
        const examples = (await trials(skip)).map(({ args }) => args);
        const made = await tryAll({ ...stage(), halo: hostile }, tool, examples);
        expect(storiesOf(made, ({ code }) => code !== undefined)).toEqual([]);
        expect(storiesOf(made, ({ text }) => text.replace(FENCED, '').includes(MARK))).toEqual([]);
      });
    });
  });
}

const FENCED = /<(halo-data-[\w-]+)>\n[\s\S]*?\n<\/\1>/g;

async function tryAll(stage: Stage, tool: AnyTool, examples: readonly object[], optional = true): Promise<Trial[]> {
  const made: Trial[] = [];
  for (const args of examples) made.push(await tryTool(stage, tool, { ...args }, optional));
  return made;
}

/** What was called and what came, of the calls that are at fault: what the reader of a failed test needs. */
const storiesOf = (made: readonly Trial[], isFault: (trial: Trial) => boolean) =>
  made.filter(isFault).map(({ story }) => story);

const scopeOf = ({ path, method }: SandboxRequest) => scopeOfPath(path.slice('/api'.length), method !== 'GET');

/** The sandbox changes nothing: what is posted is given back, with an id, as Halo does with what it has taken. */
function taken({ method, path, body = '' }: SandboxRequest): SandboxReply | undefined {
  if (method === 'GET' || !path.startsWith('/api/')) return undefined;
  const posted: unknown = JSON.parse(body || '[]');
  const record = Array.isArray(posted) ? posted[0] : posted;
  return { status: 201, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ id: 1, ...record }) };
}

const KNOWN = new Set(endpoints({}).keys());

/** Paths of a call that found nothing because the sandbox has no such resource. */
const strangers = ({ code, requests }: Trial): string[] =>
  code === 'HALO_NOT_FOUND'
    ? requests.map(({ path }) => path.slice('/api'.length)).filter((path) => !KNOWN.has(wordOf(path)))
    : [];

const wordOf = (path: string) => path.split('/')[1]?.toLowerCase() ?? '';
