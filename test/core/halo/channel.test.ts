import { expect, test } from 'vitest';
import { Channel } from '../../../core/halo/channel.js';
import type { Incoming } from '../../../core/halo/http.js';
import { Limiter } from '../../../core/halo/limiter.js';
import { fakeHalo, logTo, patient } from './fake.js';

test('the text of an answer that was read is let go, whoever still holds the answer', async () => {
  const halo = await fakeHalo({ api: () => ({ body: { id: 12 } }) });
  const options = { who: 'Halo', limiter: new Limiter(10), timeoutMs: 5000, maxBytes: 1000, log: logTo() };
  const channel = new Channel(options);
  let held: Incoming | undefined;
  const read = (answer: Incoming) => {
    held = answer;
    return JSON.parse(answer.body);
  };
  const outgoing = { method: 'GET' as const, url: `${halo.url}/api/Tickets/12` };
  expect(await channel.ask(outgoing, read, patient(), { kind: 'bounded' })).toEqual({ id: 12 });
  expect(held?.body).toBe('');
});
