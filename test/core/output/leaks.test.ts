/** Ways in which a secret, a link or a tag could slip through because of what surrounds it. */
import { expect, test } from 'vitest';
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
