/** The host of a link, if it has one. */
function hostOf(link: string): string {
  const url = link.startsWith('//') ? `https:${link}` : link;
  return URL.canParse(url) ? new URL(url).host : '';
}

/** What follows a link's words in place of its address: ` (host)`, or nothing if the words say it. */
export function afterLink(words: string, link: string): string {
  const host = hostOf(link);
  if (host === '' || words.toLowerCase().includes(host)) return '';
  return words.trim() === '' ? host : ` (${host})`;
}

/** An address in angle brackets is a link by itself: it becomes plain text. */
const AUTOLINK = /<(https?:\/\/[^\s<>]*)>/gi;
/** Every link and image of Markdown, definitions included, has one of these. */
const OPENERS = /\](?=[(:])|!(?=\[)/g;
/** A bracket, literal or as an entity, before what could be a tag, a comment or an instruction of HTML. */
const TAG = /(?:<|&(?:amp;){0,9}(?:lt|#0{0,9}60|#x0{0,9}3c);?)(?=[a-z/!?])(?!(?<=<)[\w.+-]{1,64}@[\w.-]{1,255}>)/gi;
/** The words after a code fence, which nobody would see; also in a list or a quote. */
const FENCE_INFO = /^((?:[ \t>]|[-+*][ \t]|\d{1,9}[.)][ \t]){0,30}(?:`{3,}|~{3,}))[ \t]*([\w+#.-]{0,20})[^`\n]*$/gm;

/**
 * Text that does nothing if somebody shows it as Markdown or HTML: whatever could open a link, an image or a tag is
 * broken, whatever follows, and only the name of a language stays after a code fence. Doing it again changes nothing.
 *
 * @example inert('![a](https://evil.example) <img> [b]: x') // '! [a] (https://evil.example) ‹img> [b] : x'
 */
export function inert(text: string): string {
  if (!/[[\]<&`~]/.test(text)) return text;
  return text.replace(AUTOLINK, '$1').replace(OPENERS, '$& ').replace(TAG, '‹').replace(FENCE_INFO, '$1$2');
}
