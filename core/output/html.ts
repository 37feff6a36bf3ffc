import type { FormatCallback } from 'html-to-text';
import { once } from '../load/once.js';
import { afterLink } from './inert.js';
import { worthReading } from './markup.js';

/** @param most how many characters of the text will be shown */
type Convert = (html: string, most?: number) => string;

const ZERO = ['opacity', 'font-size', 'max-height', 'line-height'];

/** Text that a style or an attribute hides from people is left out, too. */
const HIDDEN = [
  ...['display:none', 'visibility:hidden', 'mso-hide:all'].map((style) => `*="${style}"`),
  ...ZERO.flatMap((name) => [`*="${name}:0;"`, `*="${name}:0px"`, `*="${name}:0pt"`, `$="${name}:0"`]),
]
  .flatMap((match) => [match, match.replace(':', ': ')])
  .map((match) => ({ selector: `[style${match} i]`, format: 'skip' }));

/** The words of a link and its host. */
const link: FormatCallback = (element, walk, builder) => {
  let words = '';
  builder.pushWordTransform((word) => {
    words += word;
    return word;
  });
  walk(element.children, builder);
  builder.popWordTransform();
  const after = afterLink(words, String(element.attribs?.href ?? ''));
  if (after !== '') builder.addInline(after, { noWordTransform: true });
};

/**
 * How much markup is read: ten characters for each that is shown, as office programs write it. More would be read for
 * nothing, and anybody may mail more.
 */
const READ = { least: 20_000, most: 200_000, perShown: 10 };

/** Tags and entities of the HTML that mails and editors write; `<ann@contoso.com>` in plain text is not one. */
const MARKUP =
  /<(?:\/?(?:a|abbr|address|article|b|big|blockquote|body|br|center|code|dd|del|div|dl|dt|em|font|footer|form|h[1-6]|head|header|hr|html|i|iframe|img|ins|kbd|label|li|link|main|mark|meta|nav|o:p|ol|p|pre|q|s|script|section|small|span|strike|strong|style|sub|sup|svg|table|tbody|td|textarea|tfoot|th|thead|title|tr|tt|u|ul|video)\b|!--|!doctype)|&(?:amp|apos|gt|lt|nbsp|quot|#\d{1,7}|#x[\da-f]{1,6});/i;

/**
 * Loads the converter of HTML to text: scripts, styles, images and hidden text are dropped; links keep their words and
 * their host. Markup longer than the shown text needs is not read to its end: the text then ends in `…`. Text without
 * markup is not converted.
 */
export const htmlConverter: () => Promise<Convert> = once(async () => {
  const { compile } = await import('html-to-text');
  const convert = compile({
    wordwrap: false,
    formatters: { link },
    limits: { maxInputLength: READ.most, maxDepth: 60, ellipsis: '…' },
    selectors: [
      ...HIDDEN,
      { selector: '[hidden]', format: 'skip' },
      { selector: 'img', format: 'skip' },
      { selector: 'a', format: 'link' },
      ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({ selector, options: { uppercase: false } })),
    ],
  });
  const ofMarkup = (given: string, most: number) => {
    const bound = Math.min(READ.most, Math.max(READ.least, most * READ.perShown));
    const { html, cut } = worthReading(given, bound);
    const text = convert(html);
    return cut && !text.endsWith('…') ? `${text.trimEnd()}…` : text;
  };
  return (html, most = 0) => (MARKUP.test(html) ? ofMarkup(html, most) : html).replace(/\n{3,}/g, '\n\n').trim();
});
