import { HtmlRenderer, Parser } from 'commonmark';
import MarkdownIt from 'markdown-it';
import { marked } from 'marked';
import { type DefaultTreeAdapterTypes, parseFragment } from 'parse5';

type Node = DefaultTreeAdapterTypes.ChildNode;
type Element = DefaultTreeAdapterTypes.Element;

const rich = new MarkdownIt({ html: true, linkify: true, typographer: true, breaks: true });
const strict = new MarkdownIt('commonmark');

/** The ways in which a client may show a text. */
export const RENDERERS: Record<string, (text: string) => string> = {
  'markdown-it with HTML and links': (text) => rich.render(text),
  'markdown-it as CommonMark': (text) => strict.render(text),
  commonmark: (text) => new HtmlRenderer({ safe: false }).render(new Parser().parse(text)),
  marked: (text) => marked.parse(text, { async: false, gfm: true, breaks: true }),
  'HTML as it is': (text) => text,
};

/** What Markdown makes of punctuation alone: it loads nothing and leads nowhere. */
const PLAIN = /^(p|em|strong|code|pre|blockquote|ul|ol|li|h[1-6]|hr|br|del|s|sub|sup|table|thead|tbody|tr|th|td)$/;
const PLAIN_ATTRIBUTES = /^(class=language-[\w+#.-]{0,20}|start=\d+|align=\w+|style=text-align:\w+)$/;

/** What is live in the HTML made from a text: tags, images, comments, links that hide where they lead. */
export function liveIn(html: string): string[] {
  const walk = (node: Node): string[] => {
    if (node.nodeName === '#text') return [];
    if (!('tagName' in node)) return [node.nodeName];
    return [...faultOf(node), ...node.childNodes.flatMap(walk)];
  };
  return parseFragment(html).childNodes.flatMap(walk);
}

function faultOf(element: Element): string[] {
  const { tagName, attrs } = element;
  const attributes = attrs.map(({ name, value }) => `${name}=${value}`);
  if (tagName === 'a') {
    const [href, ...others] = attributes;
    const isHonest = others.length === 0 && href?.startsWith('href=') && leadsTo(textOf(element), href.slice(5));
    return isHonest ? [] : [`a ${attributes.join(' ')}: ${textOf(element)}`];
  }
  // The checkbox of a task list, which can't be ticked.
  if (tagName === 'input' && attributes.sort().join(' ').replace('checked= ', '') === 'disabled= type=checkbox')
    return [];
  // `<ann@contoso.com>` is not an HTML tag and contains nothing.
  if (/^[\w.+-]+@[\w.-]+$/.test(tagName) && attributes.length === 0) return [];
  const isPlain = PLAIN.test(tagName) && attributes.every((one) => PLAIN_ATTRIBUTES.test(one));
  return isPlain ? [] : [`${tagName} ${attributes.join(' ')}`];
}

const textOf = (node: Node): string =>
  'value' in node ? node.value : 'childNodes' in node ? node.childNodes.map(textOf).join('') : '';

/** True if a link shows its whole address, as written or without `http://` or `mailto:`. */
function leadsTo(shown: string, href: string): boolean {
  const own = ['', 'http://', 'mailto:'].map((scheme) => `${scheme}${shown}`);
  return own.some((one) => decoded(one) === decoded(href) || hrefOf(one) === hrefOf(href));
}

const hrefOf = (text: string) => (URL.canParse(text) ? new URL(text).href : text);

/** Renderers encode parts of an address; it still shows the same. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
