/** Confirmations over HTTP: two callers with their own tokens, one server. */
import { describe, expect, onTestFinished, test } from 'vitest';
import type { CallResult } from '../../core/call/caller.js';
import { AREA_SCOPES } from '../../sandbox/http/scopes.js';
import { read, TICKET } from '../writes/desk.js';
import { callOf, send, signed, startTest } from './team.js';

const note = { ticket_id: TICKET, note: 'Called the site.' };

async function twoCallers() {
  const team = await startTest({
    halos: { default: { scopes: [...AREA_SCOPES] } },
    settings: { plugins: ['tickets', { use: 'desk-actions', allowWrites: ['add_private_note', 'log_time'] }] } as never,
  });
  onTestFinished(() => team.close());
  const [ann, ben] = [await team.token('ann'), await team.token('ben')];
  const call = async (bearer: string, name: string, args: object) => {
    const { json } = await send(team.url, { headers: signed(bearer), body: callOf(name, args) });
    return read(json?.result as CallResult);
  };
  const posts = () => team.halo.requests.filter(({ method, path }) => method === 'POST' && path.startsWith('/api/'));
  return { team, ann, ben, call, posts };
}

describe('T16 a token over HTTP', () => {
  test('is good only for the caller that it was given to, for that tool, once', async () => {
    const { ann, ben, call, posts } = await twoCallers();
    const { said } = await call(ann, 'add_private_note', note);
    expect(said.state).toBe('preview');
    const confirm = String(said.confirm);
    const refused = async (bearer: string, name: string, args: object, why: string) => {
      expect((await call(bearer, name, args)).text).toMatch(new RegExp(`^CONFIRMATION_REFUSED: ${why}`));
      expect(posts()).toEqual([]);
    };
    await refused(ben, 'add_private_note', { ...note, confirm }, 'This confirmation was given to somebody else');
    await refused(ann, 'log_time', { ...note, hours: 1, confirm }, 'This confirmation is for another tool');
    await refused(ann, 'add_private_note', { ...note, note: 'x', confirm }, 'This confirmation is for other arguments');
    for (let at = 0; at < confirm.length; at += 1) {
      const other = confirm[at] === 'A' ? 'B' : 'A';
      const flipped = `${confirm.slice(0, at)}${other}${confirm.slice(at + 1)}`;
      await refused(ann, 'add_private_note', { ...note, confirm: flipped }, 'This confirmation was altered');
    }
    const both = await Promise.all([1, 2].map(() => call(ann, 'add_private_note', { ...note, confirm })));
    expect(both.filter((one) => one.said.state === 'done')).toHaveLength(1);
    expect((await call(ann, 'add_private_note', { ...note, confirm })).text).toMatch(
      /^CONFIRMATION_REFUSED: This confirmation was used already/,
    );
    expect(posts()).toHaveLength(1);
  });
});
