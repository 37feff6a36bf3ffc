import { homedir } from 'node:os';

const QUOTED = /^(?:"(.*)"|'(.*)'|“(.*)”|‘(.*)’)$/su;

/** A value without blanks and without one pair of quotes around it, which env files of Docker keep. */
export function unquoted(text: string): string {
  const bare = text.trim();
  const [, ...inside] = QUOTED.exec(bare) ?? [];
  return (inside.find((one) => one !== undefined) ?? bare).trim();
}

/** A path with `~` and `%NAME%` filled in, as a shell or Windows would have; what names nothing stays as it is. */
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

/** What a template left to be filled in, by how it is shown. */
const TEMPLATES: readonly [RegExp, string][] = [
  // biome-ignore lint/suspicious/noTemplateCurlyInString: what a template looks like
  [/\$\{[^}]*\}/, '${…}'],
  [/\{\{[^}]*\}\}/, '{{…}}'],
  [/\$\([^)]*\)/, '$(…)'],
  [/<(?!https?:\/\/)[^<>]*>/i, '<…>'],
  [/^%[A-Za-z_]\w*%/, '%…%'],
  [/^\$[A-Za-z_]\w*(?=$|[\\/])/, '$…'],
];

/** What an example has in the place of a value. */
const EXAMPLE =
  /^(?:https?:\/\/)?your[-_ ]?(?:halopsa|halo|company|domain|tenant|instance|subdomain|client|app|application|secret|id|api|url|host)(?![a-z])|^(?:change|replace|fill)[-_ ]?(?:me|this|in)$/i;

/**
 * What a value still holds that somebody was to replace, in words: `the placeholder ${…}`; undefined where it is none.
 * @param whole for a secret, in which any character may stand: only a placeholder from its start to its end counts
 */
export function placeholderIn(text: string, whole = false): string | undefined {
  const found = TEMPLATES.find(([pattern]) => {
    const match = pattern.exec(text)?.[0];
    return match !== undefined && (!whole || match === text);
  });
  if (found !== undefined) return `the placeholder ${found[1]}`;
  return EXAMPLE.test(text) ? 'the value of an example' : undefined;
}
