/** An OAuth endpoint's refusal: a code of RFC 6749 or its kin, and a sentence of our own. */
export class Refused extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly status = 400,
  ) {
    super(message);
  }
}
