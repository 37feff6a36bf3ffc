/** The value of a Retry-After header: whole seconds, never 0. */
export const secondsOf = (milliseconds: number): number => Math.max(1, Math.ceil(milliseconds / 1000));
