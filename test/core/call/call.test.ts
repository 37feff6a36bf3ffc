import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { z } from 'zod';
import type { AnyTool } from '../../../core/define.js';
import { HaloError } from '../../../core/errors.js';
import { LOOP } from '../../../core/output/pace.js';
import { coreOf, pluginOf, toolOf } from '../../faults/core.js';

const calling = async (tool: AnyTool, args: unknown = {}, more = {}) => {
  const core = await coreOf([pluginOf('own', [tool])]);
  return core.call(tool.name, args as Record<string, unknown>, more);
};
const textOf = ({ content }: Awaited<ReturnType<typeof calling>>) =>
  content.map((part) => (part.type === 'text' ? part.text : '')).join('');

describe('one call', () => {
  test('gives text and the same as data', async () => {
    const result = await calling(toolOf('say', () => ({ said: 'hello' })));
    expect(result.structuredContent).toEqual({ said: 'hello' });
    expect(textOf(result)).toContain('hello');
    expect(result.isError).toBeUndefined();
  });

  test('an argument that is wrong reaches no tool', async () => {
    let ran = false;
    const tool = toolOf(
      'say',
      () => {
        ran = true;
        return { said: 1 };
      },
      { input: z.object({ days: z.int().min(1) }) },
    );
    expect((await calling(tool, { days: 'soon' })).code).toBe('BAD_ARGUMENTS');
    expect((await calling(tool, { days: 1, more: 2 })).code).toBe('BAD_ARGUMENTS');
    expect(ran).toBe(false);
  });

  test("a tool's own error keeps its code and words", async () => {
    const result = await calling(
      toolOf('say', () => {
        throw new HaloError('HALO_NOT_FOUND', 'There is no such thing.', 'Ask for another.');
      }),
    );
    expect(result).toMatchObject({ code: 'HALO_NOT_FOUND', isError: true });
    expect(textOf(result)).toContain('There is no such thing. Ask for another.');
  });

  test.each<[string, () => unknown]>([
    ['an error', () => Promise.reject(new Error('secret words'))],
    ['null', () => Promise.reject(null)],
    ['text', () => Promise.reject('secret words')],
  ])('%s that was not expected leaves only a reference to the log', async (_, run) => {
    const result = await calling(toolOf('say', run));
    expect(result.code).toBe('INTERNAL');
    expect(textOf(result)).not.toContain('secret words');
  });

  test('a result that is not what the tool promised is its own fault', async () => {
    const tool = toolOf('say', () => ({ count: 'many' }), { output: z.object({ count: z.int() }) });
    expect((await calling(tool)).code).toBe('PLUGIN_BAD_RESULT');
  });

  test('an answer that takes long to check is written in another turn of the loop', async () => {
    const seen: string[] = [];
    let now = 0;
    vi.spyOn(LOOP, 'now').mockImplementation(() => now);
    onTestFinished(() => {
      vi.restoreAllMocks();
    });
    const slowly = z.int().refine(() => {
      now += 20;
      seen.push('checked');
      return true;
    });
    const run = () => {
      setImmediate(() => seen.push('another turn'));
      return { said: 1 };
    };
    const text = () => {
      seen.push('written');
      return { head: 'one' };
    };
    await calling(toolOf('say', run, { output: z.object({ said: slowly }), text }));
    expect(seen).toEqual(['checked', 'another turn', 'written']);
  });

  test('a caller that gives up is told so, though the tool goes on', async () => {
    const over = new AbortController();
    const result = calling(
      toolOf('say', () => new Promise(() => undefined)),
      {},
      { signal: over.signal },
    );
    setImmediate(() => over.abort());
    expect((await result).code).toBe('CALL_CANCELLED');
  });

  test('progress only rises, and a value that is not a number is not reported', async () => {
    const told: unknown[] = [];
    const tool = toolOf('say', ((_: unknown, { progress }: { progress: (done: number) => void }) => {
      for (const done of [1, 3, 2, Number.NaN, 3, 4]) progress(done);
      return { said: 1 };
    }) as never);
    await calling(tool, {}, { onProgress: (done: number) => told.push(done) });
    expect(told).toEqual([1, 3, 4]);
  });
});
