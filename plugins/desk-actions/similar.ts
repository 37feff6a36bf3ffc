import { cut, type Halo, instantOf, intOf, numberOf, type Row, rowsOf, textOf } from '../../core/index.js';

const SPAN_MS = 7 * 86_400_000;
const NEWEST = 100;
const MOST_TOLD = 5;

/** A ticket that may already be the one to be created. */
export interface Similar {
  id: number;
  summary: string;
}

/** The client's tickets of the last 7 days with much the same summary, newest first. */
export async function findSimilar(halo: Halo, client: number, summary: string): Promise<Similar[]> {
  const page = { pageinate: true, page_no: 1, page_size: NEWEST };
  const body = await halo.get('/Tickets', { client_id: client, order: 'dateoccurred', orderdesc: true, ...page });
  const rows = rowsOf(body, 'tickets');
  const since = new Date(Date.now() - SPAN_MS).toISOString();
  return rows.flatMap((row: Row) => {
    const [id, own, at] = [intOf(row.id), textOf(row.summary), instantOf(row.dateoccurred)];
    if (id === undefined || own === undefined || numberOf(row.client_id) !== client) return [];
    return (at === undefined || at >= since) && isSimilar(own, summary) ? [{ id, summary: own }] : [];
  });
}

/** ` Similar tickets of the last 7 days: 10311 (Server room move).` */
export function toldOf(similar: readonly Similar[]): string {
  if (similar.length === 0) return '';
  const some = similar.slice(0, MOST_TOLD).map(({ id, summary }) => `${id} (${cut(summary, 60)})`);
  const more = similar.length > MOST_TOLD ? `, and ${similar.length - MOST_TOLD} more` : '';
  return `Similar tickets of this client, of the last 7 days: ${some.join(', ')}${more}. `;
}

/** At least half of all their words are in both, or one contains the other. */
export function isSimilar(a: string, b: string): boolean {
  const [one, other] = [wordsOf(a), wordsOf(b)];
  if (one.size === 0 || other.size === 0) return a.trim() === b.trim();
  const shared = [...one].filter((word) => other.has(word)).length;
  return shared / (one.size + other.size - shared) >= 0.5 || shared === Math.min(one.size, other.size);
}

const wordsOf = (text: string): Set<string> => new Set(text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []);
