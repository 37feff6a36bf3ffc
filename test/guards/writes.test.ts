/** Changes to Halo leave through one door, behind the confirmation: no tool, pack or command has another. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Halo, ToolContext } from '../../core/index.js';
import { filesIn } from './marks.js';

const sources = filesIn(['core', 'plugins', 'cli', 'config', 'revenue', 'docs/examples', 'template']).map((file) => ({
  file,
  text: readFileSync(file, 'utf8'),
}));
const having = (pattern: RegExp) => sources.filter(({ text }) => pattern.test(text)).map(({ file }) => file);

test('POST and DELETE are spoken in the client alone; a log-in is a POST, too, and so is what an identity provider is asked', () => {
  expect(having(/method: '(?:POST|PUT|PATCH|DELETE)'/)).toEqual([
    'core/halo/client.ts',
    'core/halo/token.ts',
    'core/host/http/oauth/outside.ts',
  ]);
});

test('what sends is called where a change was confirmed, and nowhere else', () => {
  expect(having(/\bclient\.post\(/)).toEqual(['core/halo/halo.ts']);
  expect(having(/\bsenderFor\(/)).toEqual(['core/call/as-written.ts', 'core/halo/halo.ts']);
  expect(having(/\bsender\.post\(/)).toEqual(['core/call/confirm/write.ts']);
});

test('the types give a tool no way to change anything', () => {
  const ways: Record<keyof Halo, true> = { get: true, list: true, all: true, judge: true, lookup: true };
  const context: Record<keyof ToolContext, true> = {
    ...{ halo: true, signal: true, progress: true, log: true, isSecret: true, zone: true, options: true },
  };
  expect(Object.keys({ ...ways, ...context })).not.toContain('post');
});
