/** Confirmations over HTTP: two callers with tokens of their own, one server. */
import { describe, expect, onTestFinished, test } from 'vitest';
import { AREA_SCOPES } from '../../sandbox/http/scopes.js';
import { read, TICKET } from '../writes/desk.js';
import { startTest } from './team.js';

const note = { ticket_id: TICKET, note: 'Called the site.' };

async function twoCallers() {
  const team = await startTest({
    halos: { default: { scopes: [...AREA_SCOPES] } },
    settings: { plugins: ['tickets', { use: 'desk-actions', allowWrites: ['add_private_note', 'log_time'] }] } as never,
  });
  onTestFinished(() => team.close());
  const [ann, ben] = [await team.token('ann'), await team.token('ben')];
  const call = async (bearer: string, name: string, args: object) => {
    const answer = await fetch(`${team.url}/mcp`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${bearer}`,
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        'mcp-protocol-version': '2025-11-25',
      },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: args } }),
    });
    const text = await answer.text();
    const json = text.startsWith('{') ? text : (/^data: (\{.*)$/m.exec(text)?.[1] ?? '{}');
    return read((JSON.parse(json) as { result: never }).result);
  };
  const posts = () =>
    team.halo.requests.filter(({ method, path }) => method === 'POST' && path.startsWith('/api/'));
  return { team, ann, ben, call, posts };
}

describe('T16 a token over HTTP', () => {
  test('is good for the caller that it was given to, for that tool, once, and for nobody else', async () => {
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
