import http from 'node:http';
import { setFlagsFromString } from 'node:v8';
import { expect, onTestFinished, test, vi } from 'vitest';
import { send } from '../../../core/halo/http.js';
import { fakeHalo } from './fake.js';

/** Whether two objects have one shape, which V8 alone can tell. */
function shapeCheck(): (a: unknown, b: unknown) => boolean {
  setFlagsFromString('--allow-natives-syntax');
  onTestFinished(() => setFlagsFromString('--no-allow-natives-syntax'));
  return new Function('a', 'b', 'return %HaveSameMap(a, b)') as ReturnType<typeof shapeCheck>;
}

test('requests share the shape of their options: one of its own takes 20 KB for each', async () => {
  const sameShape = shapeCheck();
  const halo = await fakeHalo();
  const request = vi.spyOn(http, 'request');
  onTestFinished(() => request.mockRestore());
  const bounds = { maxBytes: 1000, timeoutMs: 5000, signal: new AbortController().signal };
  // The shapes part once the code is warm.
  for (let id = 1; id <= 60; id += 1) await send({ method: 'GET', url: `${halo.url}/api/Tickets/${id}` }, bounds);
  const [first, ...others] = request.mock.calls.map(([, options]) => options).slice(-2);
  expect(others).toHaveLength(1);
  expect(sameShape(first, others[0])).toBe(true);
});
