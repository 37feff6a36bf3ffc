import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, test } from 'vitest';

const ROOMS = ['core', 'revenue', 'sandbox', 'config'];

/** Files that still need each other, until lists and their readers are data. */
const STILL = [['core/make/list.ts', 'core/make/read-whole.ts', 'core/make/read.ts']];

type Graph = ReadonlyMap<string, readonly string[]>;

/** What each file imports on load or type check, including types, but not what it loads on later use. */
function importsOf(rooms: readonly string[]): Graph {
  const files = rooms.flatMap((room) =>
    readdirSync(room, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => join(room, file)),
  );
  const known = new Set(files);
  const named = (file: string) =>
    [...readFileSync(file, 'utf8').matchAll(/\b(?:from|import)\s*'(\.[^']+)\.js'/g)].map((match) =>
      normalize(`${join(dirname(file), match[1] ?? '')}.ts`),
    );
  return new Map(files.map((file) => [file, named(file).filter((name) => known.has(name))]));
}

/** Groups of files that each lead to all others of their group (Tarjan's algorithm), sorted. */
function circlesIn(graph: Graph): string[][] {
  const seen = new Map<string, { at: number; low: number }>();
  const [open, circles]: [string[], string[][]] = [[], []];
  function visit(file: string): { at: number; low: number } {
    const own = { at: seen.size, low: seen.size };
    seen.set(file, own);
    open.push(file);
    for (const next of graph.get(file) ?? []) {
      const met = seen.get(next);
      if (met === undefined) own.low = Math.min(own.low, visit(next).low);
      else if (open.includes(next)) own.low = Math.min(own.low, met.at);
    }
    if (own.low === own.at) {
      const group = open.splice(open.indexOf(file));
      if (group.length > 1 || graph.get(file)?.includes(file)) circles.push(group.sort());
    }
    return own;
  }
  for (const file of graph.keys()) if (!seen.has(file)) visit(file);
  return circles.sort();
}

test('no file needs one that needs it, not even for a type', () => {
  const known = STILL.map((group) => group.join());
  expect(circlesIn(importsOf(ROOMS)).filter((group) => !known.includes(group.join()))).toEqual([]);
});

test.each<[string, Record<string, string[]>, string[][]]>([
  ['a line', { a: ['b'], b: ['c'], c: [] }, []],
  ['a diamond', { a: ['b', 'c'], b: ['d'], c: ['d'], d: [] }, []],
  ['two that need each other', { a: ['b'], b: ['a'] }, [['a', 'b']]],
  ['one that needs itself', { a: ['a'] }, [['a']]],
  ['a ring behind a line', { x: ['a'], a: ['b'], b: ['c'], c: ['a', 'y'], y: [] }, [['a', 'b', 'c']]],
])('%s is judged correctly', (_, graph, circles) => {
  expect(circlesIn(new Map(Object.entries(graph)))).toEqual(circles);
});
