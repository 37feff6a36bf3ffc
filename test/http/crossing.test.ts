/** Two callers of two customers whose records have the same ids, concurrently: each reads only its own. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { SandboxOptions } from '../../sandbox/index.js';
import { callOf, INITIALIZE, newer, type Running, rpc, type Sent, send, signed, startTest } from './team.js';

const CALLS = Number(process.env.CROSSINGS ?? 500);
/** How many run at a time. */
const AT_ONCE = 40;
const NAMES = ['contoso', 'fabrikam'] as const;
type Name = (typeof NAMES)[number];

/** A Halo whose tickets all name their owner. */
const haloOf = (name: Name): SandboxOptions => ({
  intercept: async ({ path }, answer) => {
    if (!path.startsWith('/api/Tickets/')) return undefined;
    const reply = await answer();
    return { ...reply, body: String(reply.body).replace(/"summary":"[^"]*"/, `"summary":"A ticket of ${name}"`) };
  },
});

let stateless: Running;
let sessions: Running;
beforeAll(async () => {
  const halos = Object.fromEntries(NAMES.map((name) => [name, haloOf(name)]));
  stateless = await startTest({ halos });
  sessions = await startTest({ halos, shared: stateless.halos, sessions: true });
});
afterAll(async () => {
  await sessions.close();
  await stateless.close();
});

/** The ways in which a caller may ask for a ticket, one after the other. */
async function waysOf(name: Name): Promise<((id: number, turn: number) => [url: string, Sent])[]> {
  const [own, other] = await Promise.all([stateless, sessions].map((team) => team.token(name, { customers: [name] })));
  const { headers } = await send(sessions.url, { headers: signed(String(other)), body: INITIALIZE });
  const session = signed(String(other), { 'mcp-session-id': String(headers['mcp-session-id']) });
  const read = (id: number) => ({ name: 'get_ticket', arguments: { id } });
  return [
    (id) => [stateless.url, { headers: signed(String(own)), body: callOf('get_ticket', { id }) }],
    // In one session no two pending requests share an id.
    (id, turn) => [sessions.url, { headers: session, body: rpc('tools/call', read(id), turn) }],
    (id) => [stateless.url, newer('tools/call', read(id), String(own))],
    (id) => [
      stateless.url,
      { headers: signed(String(own)), body: rpc('resources/read', { uri: `halo://tickets/${id}` }, id) },
    ],
  ];
}

test(
  `of ${CALLS} calls of two callers, none is answered with what is another’s`,
  async () => {
    const ways = Object.fromEntries(await Promise.all(NAMES.map(async (name) => [name, await waysOf(name)] as const)));
    const crossed: string[] = [];
    let [next, answered] = [0, 0];
    const work = async () => {
      while (next < CALLS) {
        const turn = next;
        next += 1;
        const name = NAMES[turn % 2] as Name;
        const all = ways[name] ?? [];
        const way = all[Math.floor(turn / 2) % all.length];
        // The same few ids for both, so that both request them at the same time.
        const [url, sent] = way?.(10_300 + (Math.floor(turn / 8) % 8), turn) ?? ['', {}];
        const { text } = await send(url, sent);
        const other = NAMES[(turn + 1) % 2] as Name;
        if (text.includes(`A ticket of ${name}`) && !text.includes(other)) answered += 1;
        else crossed.push(`${turn} of ${name}: ${text.slice(0, 300)}`);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    expect(crossed).toEqual([]);
    expect(answered).toBe(CALLS);
  },
  60_000 + CALLS * 30,
);
