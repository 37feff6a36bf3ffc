/** The host of a link, as far as it has one. */
function hostOf(link: string): string {
  const url = link.startsWith('//') ? `https:${link}` : link;
  return URL.canParse(url) ? new URL(url).host : '';
}

/** What stands behind a link's words in place of its address: ` (host)`, or nothing where the words say it. */
export function afterLink(words: string, link: string): string {
  const host = hostOf(link);
  if (host === '' || words.toLowerCase().includes(host)) return '';
  return words.trim() === '' ? host : ` (${host})`;
}

const SCHEME = '(?:[a-z][a-z0-9+.-]{1,20}:|//)';
const IMAGE = /!\[([^\]\n]{0,300})\](?:\([^)\n]{0,2000}\)|\[[^\]\n]{0,300}\])/g;
/** With a title, if need be, and one pair of brackets inside of its address. */
const LINK = new RegExp(
  String.raw`\[([^\]\n]{0,300})\]\(\s{0,9}<?(${SCHEME}(?:[^()\s>]|\([^()\s]{0,99}\)){0,2000})>?(?:\s[^)\n]{0,300})?\)`,
  'gi',
);
const DEFINITION = new RegExp(String.raw`^([ \t]{0,3}\[[^\]\n]{1,300}\]:)[ \t]{0,9}<?(${SCHEME}\S{0,2000})`, 'gim');
/** What is left of links and images, where they are longer than anybody writes them. */
const LONG_LINK = new RegExp(String.raw`\]\((?=\s{0,9}<?${SCHEME})`, 'gi');
const LOADING =
  /<(?=\/?(?:audio|base|button|embed|form|frame|iframe|image|img|input|link|meta|object|script|source|style|svg|video)\b)/gi;
const FENCE_INFO = /^([ \t]{0,3}(?:`{3,}|~{3,}))[ \t]*([\w+#.-]{0,20})[^`\n]*$/gm;

/**
 * Text that does nothing where somebody shows it as Markdown or HTML: images keep their words, links their words and
 * host, tags that would load something lose their bracket, and behind a code fence stands the name of a language alone.
 */
export function inert(text: string): string {
  if (!/[[<`~]/.test(text)) return text;
  return text
    .replace(IMAGE, '$1')
    .replace(LINK, (_, words: string, link: string) => `${words}${afterLink(words, link)}`)
    .replace(DEFINITION, (_, label: string, link: string) => `${label} ${hostOf(link)}`)
    .replace(LONG_LINK, '] (')
    .replace(LOADING, '‹')
    .replace(FENCE_INFO, '$1$2');
}
