import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { answer } from '../../../core/output/answer.js';
import { clean } from '../../../core/output/clean.js';
import { errorText } from '../../../core/output/fault.js';
import { inert } from '../../../core/output/inert.js';
import { Redactor } from '../../../core/output/redact.js';
import { untrusted } from '../../../core/output/untrusted.js';
import { toolOf } from '../../faults/core.js';
import { liveIn, RENDERERS } from './render.js';

/** Texts that Markdown or HTML would turn into links, images and tags. */
const FORMS: string[] = JSON.parse(readFileSync(new URL('./forms.json', import.meta.url), 'utf8'));

const redactor = new Redactor();
const text = untrusted(z.string());
const list = toolOf('list_things', () => undefined, {
  output: z.object({ items: z.array(z.object({ id: z.int(), said: text, more: text })) }),
});
const record = toolOf('get_thing', () => undefined, {
  output: z.object({ id: z.int(), said: text, parts: z.array(z.object({ said: text, more: text })) }),
});
/** Without its fence, which is for models. */
const unfenced = (shown: string) => shown.replace(/^<\/?halo-data-[\w-]+>$/gm, '');
const rowOf = (form: string) => answer(list, { items: [{ id: 1, said: form, more: form }] }, {}, 10_000, redactor);
const recordOf = (form: string) =>
  answer(record, { id: 1, said: form, parts: [{ said: form, more: form }] }, {}, 10_000, redactor);

/** The places in an answer where such a text may occur. */
const PLACES: Record<string, (form: string) => string> = {
  'a text of structured content': (form) => String((rowOf(form).structured.items as { said: string }[])[0]?.said),
  'a table': (form) => unfenced(rowOf(form).text),
  'a record': (form) => unfenced(recordOf(form).text),
  'an error': (form) => unfenced(errorText({ words: `UNKNOWN_NAME: "${form}".`, foreign: [form] }, redactor, 'ref')),
};

/** What is live in a text in any of the ways to show it. */
const live = (shown: string) =>
  Object.entries(RENDERERS).flatMap(([name, render]) => liveIn(render(shown)).map((one) => `${name}: ${one}`));

test('the forms are two hundred and more, and each of them is alive as it was written', () => {
  expect(FORMS.length).toBeGreaterThanOrEqual(200);
  expect(new Set(FORMS).size).toBe(FORMS.length);
  expect(FORMS.filter((form) => live(clean(form)).length === 0)).toEqual([]);
});

describe.each(Object.entries(PLACES))('%s does nothing, however it is shown', (_, place) => {
  test('no image, no tag, and no link that hides where it leads', () => {
    expect(FORMS.map((form) => [form, live(place(form))]).filter(([, found]) => found?.length)).toEqual([]);
  });

  test('nor two of them side by side', () => {
    const pairs = FORMS.map((form, index) => `${form}${FORMS[(index * 7 + 3) % FORMS.length]}`);
    expect(pairs.map((form) => [form, live(place(form))]).filter(([, found]) => found?.length)).toEqual([]);
  });
});

test('what is inert stays as it is the second time', () => {
  for (const form of FORMS) expect(inert(inert(form))).toBe(inert(form));
});

test.each([
  'a < b, c > d; 3 < 4',
  'if (x < 10 && y > 2)',
  'Ann <ann@contoso.com>, Bob <bob.o-hara+it@mail.contoso.co.uk>',
  '[Ticket:123] [EXTERNAL] Printer',
  'arr[0] = x[1][2]; f(x)[0]',
  'C:\\Users\\ann\\[x]',
  'R&D, AT&T, &c; 50 &lt 60',
  'see https://contoso.com/path?x=1&y=2 (or contoso.com)',
  '# Title\n* one\n* two\n\n**bold** `code`',
  'Hi! Really?! [sic]',
  '~/bin and ``code`` and ~~gone~~',
  '<3 <- <= << <>',
])('plain prose stays as it is: %j', (prose) => {
  expect(inert(prose)).toBe(prose);
});
