/**
 * How a client that searches tools by words (BM25) would choose among ours: by name, title, description and arguments.
 */
import { readFileSync } from 'node:fs';
import MiniSearch from 'minisearch';

interface Question {
  readonly question: string;
  readonly tool: string;
}

export interface Choice {
  readonly asked: number;
  readonly first: number;
  readonly amongThree: number;
  /** `question → first choice (right one)`, for each question whose tool did not come first. */
  readonly missed: readonly string[];
}

export interface Definition {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly inputSchema: { readonly properties?: Readonly<Record<string, unknown>> };
}

const FIELDS = ['name', 'title', 'description', 'arguments'];

/** Keywords of JSON Schema whose values mean nothing to a reader. */
const KEYWORDS = new Set([
  'type',
  'format',
  'pattern',
  'default',
  'minimum',
  'maximum',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'additionalProperties',
]);

const questionsOf = (file: string): readonly Question[] =>
  JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8')) as readonly Question[];

/**
 * Ranks the tools for every question of a file; a question counts as found if its tool comes first, or among the first
 * three.
 */
export function choose(definitions: readonly Definition[], file: string): Choice {
  const index = new MiniSearch({
    idField: 'name',
    fields: FIELDS,
    extractField: (tool, field) =>
      field === 'arguments' ? wordsOf(tool.inputSchema.properties) : String(tool[field as keyof Definition]),
    tokenize: (text) => text.split(/[^\p{L}\p{N}]+/u).filter(Boolean),
    processTerm: stem,
  });
  index.addAll(definitions);
  const questions = questionsOf(file);
  const ranked = questions.map(({ question, tool }) => {
    const names = index.search(question, { prefix: false, fuzzy: false }).map(({ id }) => String(id));
    return { question, tool, names, place: names.indexOf(tool) };
  });
  return {
    asked: questions.length,
    first: ranked.filter(({ place }) => place === 0).length,
    amongThree: ranked.filter(({ place }) => place >= 0 && place < 3).length,
    missed: ranked
      .filter(({ place }) => place !== 0)
      .map(({ question, tool, names }) => `${question} → ${names[0] ?? 'nothing'} (${tool})`),
  };
}

/** The words of a schema: names, descriptions and enum values. */
function wordsOf(schema: unknown): string {
  if (typeof schema !== 'object' || schema === null) return typeof schema === 'string' ? schema : '';
  return Object.entries(schema)
    .filter(([key]) => !KEYWORDS.has(key))
    .map(([key, part]) =>
      /^(description|enum|anyOf|items|\d+)$/.test(key) ? wordsOf(part) : `${key} ${wordsOf(part)}`,
    )
    .join(' ');
}

/** The plainest stem: `invoices` and `invoice`, `agreements` and `agreement` are one word. */
const stem = (term: string): string =>
  term
    .toLowerCase()
    .replace(/ies$/, 'y')
    .replace(/(?<=..)s$/, '');
