import { z } from '../../core/index.js';

const MOST = 10_000;

/** Text of a note. It is never HTML: what looks like HTML is shown as written. */
export const noteText = (what: string) =>
  z.string().trim().min(1).max(MOST).describe(`${what}; plain text, shown as it is written`);

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Text as HTML that shows it character by character. */
export const htmlOf = (text: string): string =>
  text.replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign).replace(/\r\n?|\n|\u2028|\u2029/g, '<br>');
