/** What reading something takes that was not read, and how the operator turns that on. */
export const takes = (scope: string): string => `that takes ${scope}, which "scopes" in the config can name`;
