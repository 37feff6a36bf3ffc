import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Redactor } from '../../../core/output/redact.js';

const SECRET = '6f1e/0b+2 "c"-8a94-canary';

function redactorOf(...secrets: string[]): (text: string) => string {
  const redactor = new Redactor();
  for (const secret of secrets) redactor.remember(secret);
  return redactor.redact;
}

describe('a secret that was remembered leaves in no shape', () => {
  test.each<[string, (secret: string) => string]>([
    ['raw', (secret) => secret],
    ['in capitals', (secret) => secret.toUpperCase()],
    ['URL-encoded', encodeURIComponent],
    ['URL-encoded in small letters', (secret) => encodeURIComponent(secret).toLowerCase()],
    ['as in a form', (secret) => new URLSearchParams({ client_secret: secret }).toString()],
    ['in JSON', (secret) => JSON.stringify({ secret })],
    ['base64', (secret) => Buffer.from(secret).toString('base64')],
    ['base64 for URLs', (secret) => Buffer.from(secret).toString('base64url')],
    ['in basic authentication', (secret) => `Basic ${Buffer.from(`my-id:${secret}`).toString('base64')}`],
    ['in base64 with a byte more', (secret) => Buffer.from(`my-id1:${secret};`).toString('base64')],
    ['in base64 with two', (secret) => Buffer.from(`my-id12:${secret};;`).toString('base64')],
  ])('%s', (_, shape) => {
    const text = `before ${shape(SECRET)} after`;
    const safe = redactorOf(SECRET)(text);
    expect(safe).toContain('[redacted]');
    expect(safe).toContain('before');
    expect(safe).toContain('after');
    expect(safe.length).toBeLessThan('before [redacted] after'.length + 30);
  });

  test('of two the longer goes first, and all that are known go', () => {
    const redact = redactorOf('abcd1234', 'abcd1234-efgh', 'other-secret');
    expect(redact('abcd1234-efgh other-secret abcd1234')).toBe('[redacted] [redacted] [redacted]');
  });

  test('signs of regular expressions in it are signs', () => {
    expect(redactorOf('a.*+?^$()|[]{2}\\b')('x a.*+?^$()|[]{2}\\b y')).toBe('x [redacted] y');
  });

  test('whatever it is made of', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 8, maxLength: 40 }), fc.string(), (secret, around) => {
        const safe = redactorOf(secret)(`${around}|${secret}|${around}`);
        expect(safe.includes(secret) && !around.includes(secret) && !'[redacted]|'.includes(secret)).toBe(false);
      }),
    );
  });

  test('one too short to be a secret is let be, or every text would be full of holes', () => {
    expect(redactorOf('', 'abc')('abc def')).toBe('abc def');
  });
});

describe('tokens are known by their shape, remembered or not', () => {
  const redact = redactorOf();
  test.each([
    'Authorization: Bearer 0f9d8c7b6a5e4d3c',
    'bearer eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl',
    'token eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl',
    'client_secret=0f9d8c7b&x=1',
    'access_token=abc',
    'refresh_token=abc',
  ])('%s', (text) => {
    expect(redact(text)).toContain('[redacted]');
    expect(redact(text)).not.toMatch(/0f9d|eyJ|=abc/);
  });

  test.each([
    'The bearer certificate expired',
    'bearer authentication failed',
    'ticket 4711 eyJ',
    'access_token is missing',
  ])('plain words are not a token: %s', (text) => {
    expect(redact(text)).toBe(text);
  });
});
