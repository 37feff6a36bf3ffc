import type { Claims, Rule } from './options.js';

/** The texts of a claim: one, or a list. Numbers count as they are written; anything else is none. */
function textsOf(claim: unknown): string[] {
  const all = Array.isArray(claim) ? claim : [claim];
  return all.filter((one) => typeof one === 'string' || typeof one === 'number').map(String);
}

/**
 * The rule of a caller: the first whose claim holds one of its values, letter by letter. Rules are never added up, so
 * that nobody gets what stands in none of them.
 */
export const ruleOf = (claims: Claims, rules: readonly Rule[]): Rule | undefined =>
  rules.find(({ claim, values }) => {
    if (!Object.hasOwn(claims, claim)) return false;
    const held = textsOf(claims[claim]);
    return values.some((value) => held.includes(value));
  });

/** The scopes of a token: `scope` as RFC 9068 has it, `scp` as Entra ID and Okta have it. */
export const scopesOf = ({ scope, scp }: Claims): string[] =>
  [scope, scp].flatMap(textsOf).flatMap((text) => text.split(' ').filter(Boolean));
