/** What a person who has typed this much may mean. */
export interface Completed {
  values: string[];
  hasMore: boolean;
}

/** Nothing to offer. */
export const NO_NAMES: Completed = { values: [], hasMore: false };
