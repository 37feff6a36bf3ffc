import { homedir } from 'node:os';

const QUOTED = /^(?:"(.*)"|'(.*)'|“(.*)”|‘(.*)’)$/su;

/** Strips blanks and one pair of quotes, which Docker's env files keep. */
export function unquoted(text: string): string {
  const bare = text.trim();
  const [, ...inside] = QUOTED.exec(bare) ?? [];
  return (inside.find((one) => one !== undefined) ?? bare).trim();
}

/** Expands `~` and `%NAME%` in a path, as a shell or Windows would. Unknown names stay. */
export function filledIn(path: string, env: NodeJS.ProcessEnv): string {
  const home = env.HOME || env.USERPROFILE || homedir();
  const named = (name: string): string | undefined => {
    const known = Object.keys(env).find((one) => one.toUpperCase() === name.toUpperCase());
    return (known && env[known]) || (/^(HOME|USERPROFILE)$/i.test(name) ? home : undefined);
  };
  return path
    .replace(/^~(?=$|[\\/])/, () => home)
    .replace(/%([^%\\/]+)%/g, (whole, name: string) => named(name) ?? whole);
}

/** Placeholders that templates leave, each with how it is shown. */
const TEMPLATES: readonly [RegExp, string][] = [
  // biome-ignore lint/suspicious/noTemplateCurlyInString: what a template looks like
  [/\$\{[^}]*\}/, '${…}'],
  [/\{\{[^}]*\}\}/, '{{…}}'],
  [/\$\([^)]*\)/, '$(…)'],
  [/<(?!https?:\/\/)[^<>]*>/i, '<…>'],
  [/^%[A-Za-z_]\w*%/, '%…%'],
  [/^\$[A-Za-z_]\w*(?=$|[\\/])/, '$…'],
];

/** What examples have in place of a value. */
const EXAMPLE =
  /^(?:https?:\/\/)?your[-_ ]?(?:halopsa|halo|company|domain|tenant|instance|subdomain|client|app|application|secret|id|api|url|host)(?![a-z])|^(?:change|replace|fill)[-_ ]?(?:me|this|in)$/i;

/**
 * The placeholder left in a value, in words: `the placeholder ${…}`; undefined if there is none.
 * @param whole for a secret, which may contain any character: only a placeholder that fills the whole value counts
 */
export function placeholderIn(text: string, whole = false): string | undefined {
  const found = TEMPLATES.find(([pattern]) => {
    const match = pattern.exec(text)?.[0];
    return match !== undefined && (!whole || match === text);
  });
  if (found !== undefined) return `the placeholder ${found[1]}`;
  return EXAMPLE.test(text) ? 'the value of an example' : undefined;
}
