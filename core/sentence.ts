/** A reason as a sentence: with a full stop, unless it ends in a mark of its own. */
export const sentence = (reason: string): string => (/[.?!]$/.test(reason) ? reason : `${reason}.`);
