import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import type { AnyTool } from '../core/define.js';
import { CONFIRM } from '../core/define-write.js';
import { hostileTwin } from './hostile.js';
import { openTool, type Stage, type Trial, tokenOf } from './trial.js';

interface Proving {
  /** A new sandbox where nothing has been changed yet. */
  untouched(): Promise<Stage>;
  /** The calls of the tool's examples, including the confirmations. */
  trials(skip: (why: string) => void): Promise<readonly Trial[]>;
}

const postsOf = ({ requests }: Trial) => requests.filter(({ method }) => method !== 'GET');
const stateOf = ({ result }: Trial) => result.structuredContent?.state;
const withoutToken = ({ [CONFIRM]: _, ...args }: Trial['args']) => args;

/** Tests what the server promises about every tool that writes, on this tool's own plan. */
export function proveWrites(tool: AnyTool, { untouched, trials }: Proving): void {
  /** The first example, on a server and a sandbox that have not seen it. */
  const fresh = async (skip: (why: string) => void, own?: Stage) => {
    const [first] = await trials(skip);
    const args = withoutToken(first?.args ?? {});
    const stage = own ?? (await untouched());
    const call = await openTool(stage, tool);
    const preview = await call(args);
    return { args, call, preview, confirm: tokenOf(preview), halo: stage.halo };
  };

  test('its plan posts nothing', async ({ skip }) => {
    const made = await trials(skip);
    expect(made.filter(({ args }) => args[CONFIRM] === undefined).flatMap(postsOf)).toEqual([]);
  });

  test('posts what was shown, and nothing else', async ({ skip }) => {
    const made = await trials(skip);
    for (const [index, shown] of made.entries()) {
      const done = made[index + 1];
      if (stateOf(shown) !== 'preview' || done === undefined) continue;
      expect(postsOf(done).map(({ body }) => JSON.parse(body ?? ''))).toEqual([shown.result.structuredContent?.body]);
    }
  });

  test('writes once for one confirmation, and not again unless it is asked for on purpose', async ({ skip }) => {
    const { args, call, confirm } = await fresh(skip);
    const done = await call({ ...args, [CONFIRM]: confirm });
    expect({ state: stateOf(done), posts: postsOf(done).length }, done.story).toEqual({ state: 'done', posts: 1 });
    const replayed = await call({ ...args, [CONFIRM]: confirm });
    expect({ code: replayed.code, posts: postsOf(replayed).length }).toEqual({
      code: 'CONFIRMATION_REFUSED',
      posts: 0,
    });
    const again = await call(args);
    expect(postsOf(again)).toEqual([]);
    expect(stateOf(again), again.story).not.toBe('preview');
  });

  test('does not know what became of a change whose answer was lost, and does not send it again', async ({ skip }) => {
    const { args, call, confirm, halo } = await fresh(skip);
    halo.fault({ name: 'reset', on: 'write' });
    const lost = await call({ ...args, [CONFIRM]: confirm }).finally(() => halo.clearFaults());
    expect({ code: lost.code, posts: postsOf(lost).length }, lost.story).toEqual({
      code: 'HALO_OUTCOME_UNKNOWN',
      posts: 1,
    });
  });

  test('shows no secret, whoever wrote it', async ({ skip }) => {
    const clientSecret = `kit-${randomUUID()}`;
    const own = await untouched();
    const twin = await hostileTwin(own.halo, `${clientSecret} `, { clientSecret });
    try {
      const { preview } = await fresh(skip, { ...own, halo: twin });
      expect(stateOf(preview), preview.story).toBe('preview');
      expect(JSON.stringify(preview.result)).not.toContain(clientSecret);
    } finally {
      await twin.close();
    }
  });
}
