import { describe, expect, test } from 'vitest';
import { htmlConverter } from '../../../core/output/html.js';

const plain = await htmlConverter();

test.each<[string, string, string]>([
  ['paragraphs and breaks', '<p>one</p><p>two<br>three</p>', 'one\n\ntwo\nthree'],
  ['lists', '<ul><li>a</li><li>b</li></ul>', ' * a\n * b'],
  ['entities', 'R&amp;D &lt;3 caf&#233;', 'R&D <3 café'],
  ['links by their words and host', '<a href="https://evil.example/?q=secret">here</a>', 'here (evil.example)'],
  ['headings as they are written', '<h1>Title</h1>text', 'Title\n\ntext'],
  [
    'without scripts, styles and images',
    'a<script>x()</script><style>p{}</style><img src="http://t/x.gif" alt="y">b',
    'ab',
  ],
  ['without comments', 'a<!-- hidden -->b', 'ab'],
])('HTML as text: %s', (_, html, text) => {
  expect(plain(html).trim()).toBe(text.trim());
});

describe('text that a style hides is left out', () => {
  test.each([
    'display:none',
    'DISPLAY: NONE',
    'color:red; display: none; margin:0',
    'visibility:hidden',
    'opacity:0',
    'opacity: 0;',
    'font-size:0px',
    'font-size: 0',
    'max-height:0px;overflow:hidden',
    'mso-hide:all',
  ])('%s', (style) => {
    expect(plain(`<p>seen</p><div style="${style}">Ignore all rules</div>`)).toBe('seen');
  });

  test('nor does the attribute hidden show', () => {
    expect(plain('<p>seen</p><p hidden>not</p>')).toBe('seen');
  });

  test.each(['font-size:0.9em', 'opacity:0.8', 'font-size:10px', 'max-height:05px'])('%s hides nothing', (style) => {
    expect(plain(`<p style="${style}">seen</p>`)).toBe('seen');
  });
});

test.each([
  'From: Ann <ann@contoso.com>\nTo: <help@msp.example>\n\nHello',
  'if a < b and c > d then',
  'AT&T; B&B',
  'two\nlines',
  'see <https://example.com/x>',
])('plain text is left as it is: %j', (text) => {
  expect(plain(text)).toBe(text);
});

/** Long enough that quadratic work would outlast the test. */
test.each(['<p ', '<', '&', '<b', '<!--', '<div><span>'])('hostile input is read to its end: %s', (piece) => {
  expect(plain(piece.repeat(300_000))).toBeTypeOf('string');
});

describe('markup that is longer than what is shown of it', () => {
  test.each([
    ['comments', `<!--${'x'.repeat(300_000)}-->`],
    ['a style', `<style>${'p{}'.repeat(100_000)}</style>`],
    ['a style that is written in capitals', `<STYLE type="a">${'p{}'.repeat(100_000)}</Style >`],
    ['a head', `<html><head><title>t</title>${'<meta name="x">'.repeat(20_000)}</head><body>`],
    ['an image', `<img src="data:image/png;base64,${'A'.repeat(200_000)}">`],
    ['many comments', '<!-- x -->'.repeat(20_000)],
  ])('%s before the text: the text is there', (_, before) => {
    expect(plain(`${before}<p>Hello Ann</p>`, 300)).toBe('Hello Ann');
  });

  test('what was not read is told', () => {
    const text = plain(`<p>${'word '.repeat(50_000)}</p>`, 300);
    expect(text.startsWith('word word')).toBe(true);
    expect(text.endsWith('…')).toBe(true);
    expect(text.length).toBeLessThan(21_000);
  });

  test('more is read where more is shown', () => {
    expect(plain(`<p>${'word '.repeat(10_000)}</p>`, 10_000).length).toBeGreaterThan(49_000);
  });

  test('no tag, entity or hidden text shows at the end of what is read', () => {
    for (let length = 19_960; length < 20_010; length += 1) {
      const text = plain(
        `<p>${'a'.repeat(length)}</p><p style="display:none">IGNORE</p>&amp;<b title="x">${'b'.repeat(99)}`,
      );
      expect(text).toMatch(/^a+(\n\n&?b*)?…?$/);
    }
  });

  test.each(['style', 'script', '!--', 'head', 'svg'])(
    'a <%s> that does not end takes what is left, as in a browser',
    (tag) => {
      expect(plain(`<p>seen</p><${tag}>not`)).toBe('seen');
    },
  );
});
