/** What a flag is about: a record of Halo by its kind and id; or the book, or its currencies, as a whole. */
export type Entity =
  | {
      readonly kind:
        | 'invoice'
        | 'recurring_invoice'
        | 'contract'
        | 'client'
        | 'ticket'
        | 'prepay'
        | 'order'
        | 'project'
        | 'payment';
      readonly id: number;
    }
  | { readonly kind: 'book' | 'currency'; readonly id?: undefined };

export const entityOf = (kind: Exclude<Entity['kind'], 'book' | 'currency'>, id: number): Entity => ({ kind, id });

export const BOOK: Entity = { kind: 'book' };
export const CURRENCY: Entity = { kind: 'currency' };

/** The form shown to a reader: `recurring_invoice:-5031`, `invoice:9058`, `contract:303`, `client:101`, `book`. */
export const labelOf = ({ kind, id }: Entity): string => (id === undefined ? kind : `${kind}:${id}`);
