import type { FormatCallback } from 'html-to-text';
import { afterLink } from './inert.js';

type Convert = (html: string) => string;

let loaded: Promise<Convert> | undefined;

const ZERO = ['opacity', 'font-size', 'max-height', 'line-height'];

/** Text that a style or an attribute hides from a person's eyes is left out of the text, too. */
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

/** Longer markup is not read to its end; what is shown of it is far shorter. */
const LONGEST = 200_000;

/** Tags and entities of the HTML that mails and editors write; `<ann@contoso.com>` in plain text is none. */
const MARKUP =
  /<(?:\/?(?:a|abbr|address|article|b|big|blockquote|body|br|center|code|dd|del|div|dl|dt|em|font|footer|form|h[1-6]|head|header|hr|html|i|iframe|img|ins|kbd|label|li|link|main|mark|meta|nav|o:p|ol|p|pre|q|s|script|section|small|span|strike|strong|style|sub|sup|svg|table|tbody|td|textarea|tfoot|th|thead|title|tr|tt|u|ul|video)\b|!--|!doctype)|&(?:amp|apos|gt|lt|nbsp|quot|#\d{1,7}|#x[\da-f]{1,6});/i;

/**
 * Loads the converter of HTML to text: scripts, styles, images and hidden text are dropped, links keep their words and
 * their host.
 * Text without markup is given back as it is.
 */
export function htmlConverter(): Promise<Convert> {
  loaded ??= import('html-to-text').then(({ compile }) => {
    const convert = compile({
      wordwrap: false,
      formatters: { link },
      limits: { maxInputLength: LONGEST, maxDepth: 60, ellipsis: '…' },
      selectors: [
        ...HIDDEN,
        { selector: '[hidden]', format: 'skip' },
        { selector: 'img', format: 'skip' },
        { selector: 'a', format: 'link' },
        ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({ selector, options: { uppercase: false } })),
      ],
    });
    return (html) => (MARKUP.test(html) ? convert(html.slice(0, LONGEST)) : html).replace(/\n{3,}/g, '\n\n').trim();
  });
  return loaded;
}
