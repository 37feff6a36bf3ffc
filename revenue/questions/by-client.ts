/** Figures by client and currency, in the order in which they are shown. */
import type Big from 'big.js';

/** One client's figures of one kind, by currency. */
export interface ClientFigures<F> {
  readonly client: number;
  readonly byCode: ReadonlyMap<string, F>;
}

/** Collects figures by client and currency; each is created on first use. */
export class ByClient<F> {
  readonly #all = new Map<number, Map<string, F>>();

  constructor(
    private readonly make: () => F,
    private readonly home: string,
  ) {}

  /** The figures of a client in a currency, to be changed in place. */
  of(client: number, code: string): F {
    const own = this.#all.get(client) ?? new Map<string, F>();
    this.#all.set(client, own);
    const known = own.get(code) ?? this.make();
    own.set(code, known);
    return known;
  }

  /** The clients, largest `size` first; a client that was asked for is always there, with nothing in its currency. */
  ranked(size: (figures: F) => Big, asked: number | undefined, code: string): ClientFigures<F>[] {
    if (asked !== undefined && !this.#all.has(asked)) this.of(asked, code);
    const codes = this.codes();
    const all = [...this.#all].map(([client, own]) => ({ client, byCode: this.#sorted(own, codes) }));
    const sizeOf = ({ byCode }: ClientFigures<F>, code: string) => {
      const figures = byCode.get(code);
      return figures === undefined ? undefined : size(figures);
    };
    return all.sort((a, b) => {
      for (const code of codes) {
        const [one, other] = [sizeOf(a, code), sizeOf(b, code)];
        if (one === undefined && other === undefined) continue;
        if (one === undefined || other === undefined) return one === undefined ? 1 : -1;
        if (!one.eq(other)) return other.cmp(one);
      }
      return a.client - b.client;
    });
  }

  /** Every currency that is used, home first. */
  codes(): string[] {
    const codes = new Set([...this.#all.values()].flatMap((own) => [...own.keys()]));
    return [...codes].sort((a, b) => Number(b === this.home) - Number(a === this.home) || (a < b ? -1 : 1));
  }

  /** The figures of all clients in a currency. */
  in(code: string): F[] {
    return [...this.#all.values()].flatMap((own) => own.get(code) ?? []);
  }

  #sorted(own: Map<string, F>, codes: readonly string[]): Map<string, F> {
    return new Map(codes.flatMap((code) => (own.has(code) ? [[code, own.get(code) as F]] : [])));
  }
}
