import { describe, expect, test } from 'vitest';
import { CALLS } from './never-wrong/calls.js';
import { type Json, textOf, useStage } from './never-wrong/stage.js';

const stage = useStage({}, { maxTokens: 10_000 });
const TOOLS = [...new Set(CALLS.map(([tool]) => tool))];

/** The fields that say whether an answer is complete. */
const MARKS = ['total', 'next_page', 'omitted', 'complete', 'hint'] as const;

/** The recorded calls of a tool: its own examples and those of the table. */
async function callsOf(name: string): Promise<Json[]> {
  const { catalog } = (await stage.core()).customer;
  const tool = await catalog.on.find((entry) => entry.tool.name === name)?.load();
  const own = CALLS.filter(([tool]) => tool === name).map(([, args]) => args);
  return [...new Map([...(tool?.examples ?? []), ...own].map((args) => [JSON.stringify(args), args])).values()];
}

describe('on a healthy Halo every list and figure keeps its text, its total and its completeness', () => {
  test('every tool is recorded', async () => {
    const { catalog } = (await stage.core()).customer;
    expect(TOOLS.toSorted()).toEqual(catalog.on.map(({ tool }) => tool.name).toSorted());
  });

  test.each(TOOLS)(
    '%s',
    async (name) => {
      const answers: string[] = [];
      for (const args of await callsOf(name)) {
        const result = await stage.call(name, args);
        const { method, ...content } = (result.structuredContent ?? {}) as Json;
        const marks: Json = { ...content, ...(typeof method === 'object' ? (method as Json) : {}) };
        const said = MARKS.flatMap((mark) => (mark in marks ? [`${mark}=${JSON.stringify(marks[mark])}`] : []));
        expect(result.isError, textOf(result)).toBeUndefined();
        expect(marks.complete).not.toBe(false);
        answers.push(`$ ${name} ${JSON.stringify(args)}\n# ${said.join(' ')}\n${textOf(result)}\n`);
      }
      await expect(answers.join('\n')).toMatchFileSnapshot(`../snapshots/answers/${name}.txt`);
    },
    120_000,
  );
});
