import { describe, expect, test } from 'vitest';
import { decide, lineOf, type Policy, type Standing } from '../../../core/load/policy.js';

const READ = { name: 'list_things', effect: 'read' } as const;
const WRITE = { name: 'add_thing', effect: 'write' } as const;
const OPEN: Policy = { exclude: [] };
const ON: Standing = { pack: 'things', listed: true };

const why = (tool: Parameters<typeof decide>[0], standing: Partial<Standing> = {}, policy: Partial<Policy> = {}) => {
  const verdict = decide(tool, { ...ON, ...standing }, { ...OPEN, ...policy });
  return verdict.on ? 'on' : verdict.why;
};

describe('the verdict on a tool', () => {
  test.each<[string, string, Partial<Standing>, Partial<Policy>]>([
    ['a tool of a pack that is listed is on', 'on', {}, {}],
    ['one of a pack that is not listed is off', 'pack', { listed: false }, {}],
    ['one whose definition is wrong is off', 'invalid', { fault: 'it has no title' }, {}],
    ['one whose name is taken is off', 'duplicate', { taken: { pack: 'first', name: 'list_things' } }, {}],
    ['one whose name looks like another is off', 'duplicate', { taken: { pack: 'first', name: 'list_thlngs' } }, {}],
    ['one that is excluded is off', 'excluded', {}, { exclude: ['list_things'] }],
    ['one that the pack is narrowed to is on', 'on', { only: ['list_things'] }, {}],
    ['one that the pack is narrowed away from is off', 'narrowed', { only: ['other'] }, {}],
    ['a session may be narrowed to packs', 'session', {}, { narrow: { packs: ['others'] } }],
    ['a session may be narrowed to tools', 'session', {}, { narrow: { tools: ['other'] } }],
    ['a session that is narrowed to its pack has it', 'on', {}, { narrow: { packs: ['things'] } }],
    ['a broken plugin has no tools', 'broken', { broken: true }, {}],
  ])('%s', (_, expected, standing, policy) => {
    expect(why(READ, standing, policy)).toBe(expected);
  });

  test('what changes Halo is on only where the operator names it', () => {
    expect(why(WRITE)).toBe('read-only');
    expect(why(WRITE, { allowWrites: ['other'] })).toBe('narrowed');
    expect(why(WRITE, { allowWrites: ['add_thing'] })).toBe('on');
    expect(why(WRITE, { allowWrites: ['add_thing'] }, { exclude: ['add_thing'] })).toBe('excluded');
    expect(why(READ, { allowWrites: ['list_things'] })).toBe('on');
  });

  test('what a customer can see needs a word of its own', () => {
    const visible = { ...WRITE, customerVisible: true } as const;
    expect(why(visible, { allowWrites: ['add_thing'] })).toBe('read-only');
    expect(why(visible, { allowCustomerVisible: true })).toBe('read-only');
    expect(why(visible, { allowWrites: ['add_thing'], allowCustomerVisible: true })).toBe('on');
  });

  test('a session can take away, and never add', () => {
    expect(why(READ, { listed: false }, { narrow: { tools: ['list_things'] } })).toBe('pack');
    expect(why(WRITE, {}, { narrow: { tools: ['add_thing'] } })).toBe('read-only');
  });

  test('each "off" says what turns the tool on', () => {
    const verdict = decide(READ, { ...ON, listed: false }, OPEN);
    expect(verdict.on || lineOf(verdict)).toBe('the pack "things" is off. Add "things" to "plugins" in the config.');
  });
});
