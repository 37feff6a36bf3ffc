/** test/revenue/vectors.json, typed. */
import { readFileSync } from 'node:fs';
import type { Params } from '../../revenue/index.js';

interface ExpectedClient {
  flags_must_include?: string[];
  flags_must_not_include?: string[];
  [part: string]: unknown;
}

interface Vectors {
  meta: { defaults: Omit<Params, 'group_by' | 'rates' | 'client_id'> };
  vectors: {
    id: string;
    title: string;
    params: Partial<Params>;
    data: Record<string, unknown[]>;
    expected: { clients: Record<string, ExpectedClient>; totals: Record<string, object> };
  }[];
  period_vectors: {
    id: string;
    title: string;
    input: { net_per_period: number; period: number };
    expected: { mrr: string | null; arr: string | null };
  }[];
  metric_vectors: { id: string; input: Record<string, never>; expected: Record<string, never> }[];
  arithmetic_vectors: {
    id: string;
    op: string;
    input: { minor: number; n: number; ratios: number[]; value: string; decimals: number };
    expected: number[] | string;
  }[];
}

const file = new URL('./vectors.json', import.meta.url);
const read = JSON.parse(readFileSync(file, 'utf8')) as Vectors;

export const { vectors, period_vectors, metric_vectors, arithmetic_vectors } = read;

/** The default parameters of a case. */
export const defaults: Params = { ...read.meta.defaults, group_by: ['client'] };
