/** Parts of markup that are never shown, from their opening to their end. */
const UNSEEN = ['style', 'script', 'head', 'svg', 'template', 'noscript'];
const OPENING = new RegExp(`<(?:(!--)|(${UNSEEN.join('|')})(?=[\\s/>])|(img|meta|link)(?=[\\s/>]))`, 'gi');

/**
 * The part of markup that is worth reading to show some text of it: comments, styles, scripts, heads and images, which
 * may be long and show nothing, are skipped; then it ends. The cost grows only with the length.
 * @param most the most characters to read
 * @returns also whether something was left unread
 */
export function worthReading(html: string, most: number): { html: string; cut: boolean } {
  let [kept, from] = ['', 0];
  OPENING.lastIndex = 0;
  for (let found = OPENING.exec(html); found !== null && kept.length < most; found = OPENING.exec(html)) {
    kept += html.slice(from, Math.min(found.index, from + most));
    from = found.index;
    if (kept.length >= most) break;
    from = endOf(html, found);
    OPENING.lastIndex = from;
  }
  kept += html.slice(from, from + most);
  const cut = kept.length > most || from + most < html.length;
  return { html: cut ? kept.slice(0, most).replace(/[<&][^<>&;]{0,999}$/, '') : kept, cut };
}

/** Where the next thing begins; one that does not end takes everything that is left, as in a browser. */
function endOf(html: string, { index, 1: comment, 2: element }: RegExpExecArray): number {
  if (comment !== undefined) return after(html, html.indexOf('-->', index + 4), 3);
  if (element === undefined) return after(html, html.indexOf('>', index), 1);
  const closing = new RegExp(`</${element}\\s{0,99}>`, 'gi');
  closing.lastIndex = index;
  const closed = closing.exec(html);
  return closed === null ? html.length : closed.index + closed[0].length;
}

const after = (html: string, at: number, length: number) => (at === -1 ? html.length : at + length);
