import { describe, expect, test } from 'vitest';
import type { AnyTool } from '../../../core/define.js';
import { cardOf } from '../../../core/load/card.js';
import { catalogOf, checkNames, unionOf } from '../../../core/load/catalog.js';
import type { Pack } from '../../../core/load/load.js';
import type { Settings } from '../../../core/settings.js';
import { pluginOf, toolOf, writerOf } from '../../faults/core.js';

const tool = (name: string, more: Partial<AnyTool> = {}) => toolOf(name, () => ({ said: 1 }), more);

const packOf = (name: string, tools: AnyTool[], more: Partial<Pack> = {}): Pack => {
  const plugin = pluginOf(name, tools);
  return {
    ...{ use: name, bundled: false, card: cardOf(plugin), load: async () => plugin, options: {} },
    ...{ owner: { name, strays: 0 }, forms: new Map() },
    ...more,
  } as Pack;
};
const OPEN = { exclude: [] };
const on = (packs: Pack[]) => catalogOf(packs, [], OPEN).on.map((entry) => `${entry.pack}.${entry.tool.name}`);

describe('the catalog of tools', () => {
  test('the first plugin in the config owns a name', () => {
    expect(on([packOf('one', [tool('say')]), packOf('two', [tool('say'), tool('hear')])])).toEqual([
      'one.say',
      'two.hear',
    ]);
  });

  test.each(['list_ciients', 'list_cl1ents', 'ilst_clients', 'listclients'])(
    'a name that looks like another is refused: %s',
    (look) => {
      expect(on([packOf('one', [tool('list_clients')]), packOf('two', [tool(look)])])).toEqual(['one.list_clients']);
    },
  );

  test('of two plugins of one name the bundled one stays, whatever the order', () => {
    const { packs, skipped } = catalogOf(
      [packOf('same', [tool('mine')], { use: './mine.js' }), packOf('same', [tool('ours')], { bundled: true })],
      [],
      OPEN,
    );
    expect(packs.map(({ use }) => use)).toEqual(['same']);
    expect(skipped).toMatchObject([{ use: './mine.js' }]);
  });

  test('the token asks for the scopes of the tools that are on, and for nothing else', () => {
    const packs = [
      packOf('one', [tool('list_as', { scopes: ['read:tickets'] }), tool('list_bs', { scopes: ['read:customers'] })]),
      packOf('two', [tool('list_cs', { scopes: ['read:invoices'] })]),
    ];
    expect(catalogOf(packs, [], { ...OPEN, exclude: ['list_bs'] }).scopes).toEqual(['read:invoices', 'read:tickets']);
  });

  test('what is to be ticked names also a scope that another one implies; the token asks for the wider one', () => {
    const packs = [
      packOf(
        'one',
        [
          writerOf('do_as', { scopes: ['read:tickets', 'edit:tickets'], customerVisible: false }),
          tool('list_bs', { scopes: ['read:kb'] }),
        ],
        { writing: { allowWrites: ['do_as'] } },
      ),
    ];
    const catalog = catalogOf(packs, [], { ...OPEN, exclude: ['list_bs'] });
    expect(catalog).toMatchObject({ scopes: ['edit:tickets'], boxes: ['edit:tickets', 'read:tickets'] });
  });

  test('a plugin that breaks later is off at its next call, and stays listed', () => {
    const pack = packOf('one', [tool('say')]);
    const [entry] = catalogOf([pack], [], OPEN).on;
    pack.owner.strays = 3;
    expect(entry?.verdict.on).toBe(true);
    expect(entry?.now()).toMatchObject({ on: false, why: 'broken' });
  });

  test('a scope that another implies is not requested with it', () => {
    expect(unionOf(['edit:tickets', 'read:tickets', 'read:assets', 'read:assets'])).toEqual([
      'edit:tickets',
      'read:assets',
    ]);
  });
});

describe('names of tools in the config', () => {
  const settings = (more: Partial<Settings>) => ({ exclude: [], customers: {}, ...more }) as unknown as Settings;
  const catalog = catalogOf([packOf('one', [tool('say_hello')])], [], OPEN);

  test('a tool that no pack has is an error that names the nearest one', async () => {
    await expect(checkNames([catalog], {}, settings({ exclude: ['say_helo'] }))).rejects.toThrow('say_hello');
  });

  test('so is one in the allowWrites of an entry that its pack does not have', async () => {
    const writing = { allowWrites: ['say_helo'] };
    const own = catalogOf([packOf('one', [tool('say_hello')], { writing })], [], OPEN);
    await expect(checkNames([own], {}, settings({}))).rejects.toThrow(
      '"allowWrites" in the entry of "one" names "say_helo", which it does not have. Did you mean "say_hello"?',
    );
  });

  test('where a plugin failed to load, it may have been its: a warning', async () => {
    const left = { ...catalog, skipped: [{ use: './x.js', reason: 'it throws' }] };
    expect(await checkNames([left], {}, settings({ exclude: ['other'] }))).toHaveLength(1);
  });

  test('while a plugin still loads nothing is said', async () => {
    expect(await checkNames([catalog], {}, settings({ exclude: ['other'] }), true)).toEqual([]);
  });
});
