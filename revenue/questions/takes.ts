/** What reading something takes that was not read, and how the operator turns that on. */
export const takes = (scope: string): string => `that takes ${scope}, which "scopes" in the config can name`;

/** The lists of work still to be billed that need a scope of their own. */
export const LISTS = [
  { list: 'milestones', what: 'milestones', scope: 'read:projects' },
  { list: 'order_lines', what: 'order lines', scope: 'read:sos' },
] as const;

/** A text with its first letter in upper case. */
export const capital = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
