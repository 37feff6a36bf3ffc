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

/** An address in angle brackets is a link by itself: it stays as text. */
const AUTOLINK = /<(https?:\/\/[^\s<>]*)>/gi;
/** Between them every link and image of Markdown, its definitions included, has one of these. */
const OPENERS = /\](?=[(:])|!(?=\[)/g;
/** A bracket, as it is or as an entity, before what could be a tag, a comment or an instruction of HTML. */
const TAG = /(?:<|&(?:amp;){0,9}(?:lt|#0{0,9}60|#x0{0,9}3c);?)(?=[a-z/!?])(?!(?<=<)[\w.+-]{1,64}@[\w.-]{1,255}>)/gi;
/** The words behind a code fence that nobody would see, also in a list or a quote. */
const FENCE_INFO = /^((?:[ \t>]|[-+*][ \t]|\d{1,9}[.)][ \t]){0,30}(?:`{3,}|~{3,}))[ \t]*([\w+#.-]{0,20})[^`\n]*$/gm;

/**
 * Text that does nothing where somebody shows it as Markdown or HTML: whatever could open a link, an image or a tag is
 * broken, whatever follows, and behind a code fence stands the name of a language alone. Once more changes nothing.
 *
 * @example inert('![a](https://evil.example) <img> [b]: x') // '! [a] (https://evil.example) ‹img> [b] : x'
 */
export function inert(text: string): string {
  if (!/[[\]<&`~]/.test(text)) return text;
  return text.replace(AUTOLINK, '$1').replace(OPENERS, '$& ').replace(TAG, '‹').replace(FENCE_INFO, '$1$2');
}
