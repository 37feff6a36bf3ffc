import type { Claims, Rule } from './options.js';

/** The texts of a claim: one, or a list. Numbers count as written; anything else is left out. */
function textsOf(claim: unknown): string[] {
  const all = Array.isArray(claim) ? claim : [claim];
  return all.filter((one) => typeof one === 'string' || typeof one === 'number').map(String);
}

/**
 * The rule of a caller: the first whose claim holds one of its values, letter by letter. Rules are never added up, so
 * that nobody gets what none of them allows.
 */
export const ruleOf = (claims: Claims, rules: readonly Rule[]): Rule | undefined =>
  rules.find(({ claim, values }) => {
    if (!Object.hasOwn(claims, claim)) return false;
    const held = textsOf(claims[claim]);
    return values.some((value) => held.includes(value));
  });

/** The scopes of a token: `scope` in RFC 9068, `scp` in Entra ID and Okta. */
export const scopesOf = ({ scope, scp }: Claims): string[] =>
  [scope, scp].flatMap(textsOf).flatMap((text) => text.split(' ').filter(Boolean));
