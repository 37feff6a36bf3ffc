/** Ways in which a secret, a link or a tag could slip through because of what surrounds it. */
import { describe, expect, test } from 'vitest';
import { fillIn } from '../../../core/call/prompts.js';
import { setFields } from '../../../core/make/fields.js';
import { Redactor } from '../../../core/output/redact.js';
import { record } from '../../../core/output/table.js';

const SECRET = 'Qx7vB2nM9kLpR4tY8wZ3-aF6/g+h5K';

const redactor = new Redactor();
redactor.remember(SECRET);

test.each<[string, string]>([
  ['invisible selectors behind its digits', SECRET.replace(/\d/g, '$&\uFE0F')],
  ['hexadecimal', Buffer.from(SECRET).toString('hex')],
  ['hexadecimal in capitals', Buffer.from(SECRET).toString('hex').toUpperCase()],
  ['JSON with escaped slashes', SECRET.replaceAll('/', '\\/')],
  ['JSON as .NET writes it', SECRET.replaceAll('+', '\\u002B')],
])('a secret leaves in no way: %s', (_, text) => {
  expect(redactor.redact(`a ${text} b`)).toBe('a [redacted] b');
});

const each = (text: string, write: (code: number) => string) =>
  Array.from(text, (one) => write(one.codePointAt(0) ?? 0)).join('');
const hexOf = (code: number, digits: number) => code.toString(16).padStart(digits, '0');
const asHtml = (text: string) => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
const asEntities = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll("'", '&apos;');
const beyondAscii = (text: string) =>
  text.replace(/[^ -~]/g, (sign) => `\\u${hexOf(sign.charCodeAt(0), 4).toUpperCase()}`);

/** Ways to write text that its readers see through. */
const WRITTEN: Record<string, (text: string) => string> = {
  'as it is': (text) => text,
  'in an address': encodeURIComponent,
  'in an address, only what has to be': encodeURI,
  'in an address, in full': (text) => Buffer.from(text).toString('hex').replace(/../g, '%$&'),
  'in an address inside another': (text) => encodeURIComponent(encodeURIComponent(text)),
  'in HTML': asHtml,
  'in HTML, by names': asEntities,
  'in HTML twice': (text) => asEntities(asEntities(text)),
  'in HTML, in full': (text) => each(text, (code) => `&#${code};`),
  'in HTML, in full and hexadecimal': (text) => each(text, (code) => `&#x${hexOf(code, 2)};`),
  'in JSON inside JSON': (text) => JSON.stringify(JSON.stringify(text)).slice(3, -3),
  'in JSON that has ASCII only': (text) => beyondAscii(JSON.stringify(text).slice(1, -1)),
  'in JSON, in full': (text) =>
    Array.from({ length: text.length }, (_, at) => `\\u${hexOf(text.charCodeAt(at), 4)}`).join(''),
  'in JavaScript, in full': (text) => each(text, (code) => `\\u{${hexOf(code, 1)}}`),
  'an address in HTML': (text) => asEntities(encodeURIComponent(text)),
};
/** Ways to write what nobody sees. */
const UNSEEN = [
  ...['&#8203;', '&#x200B;', '&#173;', '&shy;', '&zwnj;', '&zwj;', '&lrm;', '&rlm;', '&#65279;', '&#0;'],
  ...[
    '\\u200b',
    '\\u{200B}',
    '\\xad',
    '\\udb40\\udc41',
    '\\u{E0041}',
    '%E2%80%8B',
    '%C2%AD',
    '%F3%A0%81%81',
    '%00',
    '%AD',
  ],
  ...['%25E2%2580%258B', '&amp;#8203;', '&amp;amp;shy;', '\\\\u200b', '&#8203;\\u200b%E2%80%8B', '&#37;AD'],
];
const OTHERS = ['p@ss&w0rd<1>\'x"y\\z+/=%', 'Zürich-geheim-9ß€', 'schlüssel😀7-lang', 'Tr0ub4dor&3'];
const startOf = (secret: string) => Array.from(secret).slice(0, 12).join('');
/** True if its start is known alone: a shorter secret has no parts, and one without a digit may be a word. */
const hasStart = (secret: string) => secret.length >= 16 && /\d/.test(startOf(secret));

describe.each([SECRET, ...OTHERS])('the secret %s', (secret) => {
  const { redact, remember } = new Redactor();
  remember(secret);

  test.each(Object.entries(WRITTEN))('does not leave %s, and what is around it stays', (_, write) => {
    expect(redact(`a%20b &lt;${write(secret)}&gt; c\\n d`)).toBe('a%20b &lt;[redacted]&gt; c\\n d');
  });

  test('nor in an address, beside bytes that are no text', () => {
    const inFull = Buffer.from(secret).toString('hex').replace(/../g, '%$&');
    for (const byte of ['%ff', '%C3', '%E2%82', '%F0%9F%98'])
      expect(redact(`${byte}${inFull}${byte}`)).toBe(`${byte}[redacted]${byte}`);
  });
});

describe.each([
  SECRET,
  '3f2b8c1e-77aa-4d0b-9c55-0f1e2d3c4b5a-91d4e6f7-1b2c-4a3d-8e9f-aabbccddeeff',
  'Zürich-geheim-9ß€',
  'Tr0ub4dor&3',
])('the secret %s does not leave with what nobody sees in it', (secret) => {
  const { redact, remember } = new Redactor();
  remember(secret);

  test.each(UNSEEN)('%s', (sign) => {
    expect(redact(`a ${Array.from(secret).join(sign)} b`)).toBe('a [redacted] b');
    expect(redact(`a ${secret.replaceAll('-', `-${sign}`)} b`)).toBe('a [redacted] b');
  });
});

describe.each([SECRET, ...OTHERS].filter(hasStart))('of the secret %s, its first twelve characters', (secret) => {
  const { redact, remember } = new Redactor();
  remember(secret);

  test.each(Object.entries(WRITTEN))('do not leave alone, %s', (_, write) => {
    expect(redact(`(${write(startOf(secret))})`)).toBe('([redacted])');
  });
});

test('text with escapes that hides nothing stays as it is', () => {
  const { redact, remember } = new Redactor();
  remember(SECRET);
  for (const text of [
    '100% &amp; more',
    '%',
    '%zz',
    '&#99999999;',
    '&#x110000;',
    '\\u00',
    '\\',
    '%FF%FE %C3',
    '&lt;b&gt;',
  ])
    expect(redact(text)).toBe(text);
});

test('nor in three cells', () => {
  const cells = [SECRET.slice(0, 9), SECRET.slice(9, 20), SECRET.slice(20)];
  expect(redactor.redact(cells.join('\t'))).toBe('[redacted]\t[redacted]\t[redacted]');
  expect(redactor.redact(SECRET.slice(12, 21))).toBe('[redacted]');
});

test('the selector of an emoji and of a keycap stays', () => {
  expect(redactor.redact('❤\uFE0F 1\uFE0F\u20E3 1\uFE0F')).toBe('❤\uFE0F 1\uFE0F\u20E3 1');
});

test('a field whose name is in brackets defines no link', () => {
  expect(record({ '[x]': 'https://evil.example', note: 'see [x]' })).not.toContain(']:');
});

test('a name that fills a prompt in opens no link and no tag', () => {
  const prompt = {
    ...{ name: 'review', title: 'Review', description: 'Review.', tools: [], text: 'Look at {client}.' },
    arguments: { client: { description: 'A client.' } },
  };
  expect(fillIn(prompt, { client: '![a](https://evil.example)\n<img src=x>' })).toBe(
    'Look at ! [a] (https://evil.example) ‹img src=x>.',
  );
});

test.each(['Y', 2, { value: true }, true, 'yes'])('a field that may be encrypted (%j) is not shown', (isencrypted) => {
  expect(setFields([{ name: 'CFx', label: 'Note', value: 'v', isencrypted }])).toEqual([]);
});
