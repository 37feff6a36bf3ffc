type Convert = (html: string) => string;

let loaded: Promise<Convert> | undefined;

/** Text that a style or an attribute hides from a person's eyes is left out of the text, too. */
const HIDDEN = [
  'display:none',
  'display: none',
  'visibility:hidden',
  'visibility: hidden',
  'font-size:0',
  'font-size: 0',
  'opacity:0;',
  'opacity: 0;',
].map((style) => ({ selector: `[style*="${style}"]`, format: 'skip' }));

/**
 * Loads the converter of HTML to text: scripts, styles, images and hidden text are dropped, links keep their words.
 * Text without markup is given back as it is.
 */
export function htmlConverter(): Promise<Convert> {
  loaded ??= import('html-to-text').then(({ compile }) => {
    const convert = compile({
      wordwrap: false,
      limits: { maxInputLength: 200_000, maxDepth: 60, ellipsis: '…' },
      selectors: [
        ...HIDDEN,
        { selector: '[hidden]', format: 'skip' },
        { selector: 'img', format: 'skip' },
        { selector: 'a', options: { ignoreHref: true } },
        ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({ selector, options: { uppercase: false } })),
      ],
    });
    return (html) =>
      (/<[a-z!/][^>]*>|&[a-z#0-9]+;/i.test(html) ? convert(html) : html).replace(/\n{3,}/g, '\n\n').trim();
  });
  return loaded;
}
