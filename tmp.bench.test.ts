import { test } from 'vitest';
import { randomBytes, randomUUID } from 'node:crypto';
import { Redactor } from './core/output/redact.js';
import { plain } from './core/output/plain.js';
import { tokensOf } from './core/output/fit.js';
test('x', () => {
  const r = new Redactor();
  r.remember(`${randomUUID()}-${randomUUID()}`);
  for (let i = 0; i < 15; i++) r.remember(randomBytes(48).toString('base64url'));
  for (const [n, t] of [['4MiB', 'some text of a ticket with words and a few 12345 numbers. '.repeat(72_000)], ['1 MiB', 'x'.repeat(2**20)], ['1MiB-b64', randomBytes(786432).toString('base64')]] as const) {
    let at = performance.now(); r.redact(t); console.log(n, 'redact', performance.now() - at);
    at = performance.now(); tokensOf(t); console.log(n, 'tokens', performance.now() - at);
  }
  const strings = Array.from({length: 20_000}, (_, i) => `Ticket ${i} about a printer that is broken in room ${i}`);
  let at = performance.now(); for (const s of strings) r.redact(s); console.log('20k strings', performance.now() - at);
  at = performance.now(); plain(Array.from({length: 240_000}, (_, i) => i)); console.log('plain 240k', performance.now() - at);
});
