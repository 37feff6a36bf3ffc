import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { answersOf, type InitFlags } from '../../cli/init/answers.js';
import { type Questions, questions } from '../../cli/init/questions.js';
import { emptyFolder } from '../session.js';

const ID = '5f1c8e2a-9b34-4d07-8a61-2f0d7c3b9e15';
const SECRET = '0f6f2f5c-6d0e-4b8e-9f5a-1f2b3c4d5e6f-9a8b7c6d-5e4f-4a3b-8c2d-1e0f9a8bc340';
const CLEAR = '\u0015';

/** Types one line after another at a prompt. @returns the answer and all that the terminal showed */
async function typed<T>(ask: (prompt: Questions) => Promise<T>, lines: readonly string[]) {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const answer = ask(questions({ input, output }));
  for (const line of lines) {
    await new Promise((done) => setImmediate(done));
    input.write(line);
    input.write('\r');
  }
  return { answer: await answer, shown: String(output.read()) };
}

describe('a secret that is pasted at a prompt for something else', () => {
  test.each([
    ['alone', `${CLEAR}${SECRET}`],
    ['after the path that is there', SECRET],
    ['after the name of a folder', `${CLEAR}/nowhere/${SECRET}`],
    ['after an ending', `.txt${SECRET}`],
    ['of another kind', `${CLEAR}Zm9vYmFyYmF6cXV4MTIz+w==`],
  ])('names no file: %s', async (_, line) => {
    const { answer, shown } = await typed(
      (prompt) => prompt.secretPlace(false),
      [line, `${CLEAR}/nowhere/mine.secret`],
    );
    expect(answer).toBe('/nowhere/mine.secret');
    expect(shown).toContain('looks like the secret itself');
  });

  test('is no client id', async () => {
    const { answer, shown } = await typed((prompt) => prompt.clientId(undefined), [SECRET, `${CLEAR}${ID}`]);
    expect(answer).toBe(ID);
    expect(shown).toContain('looks like a client secret');
  });

  test('is no address, which would be looked up', async () => {
    const lines = [SECRET, `${CLEAR}Zm9vYmFyYmF6cXV4MTIz`, `${CLEAR}acme`];
    const { answer, shown } = await typed((prompt) => prompt.instanceUrl(undefined), lines);
    expect(answer).toBe('acme');
    expect(shown).toContain('looks like a client secret');
    expect(shown).toContain('is not a URL');
  });
});

test.each(['contoso', 'a-customer-with-a-long-name-2026'])(
  'the file that the prompt proposes for %s is taken',
  async (name) => {
    const { answer } = await typed((prompt) => prompt.secretPlace(false, name), ['']);
    expect(answer).toBe(join(homedir(), '.config', 'halo-mcp', `${name}.client-secret`));
  },
);

describe('a secret in a flag for something else', () => {
  const given = (flags: Partial<InitFlags>) =>
    answersOf(
      { config: 'c.json', doctor: false, instanceUrl: 'acme.halopsa.com', clientId: ID, ...flags },
      { HALO_CLIENT_SECRET: SECRET },
      undefined,
      { kept: false, scopesOf: async () => [] },
    );

  test.each<[Partial<InitFlags>, string]>([
    [{ secretFile: join(emptyFolder(), SECRET) }, 'looks like the secret itself'],
    [{ clientId: SECRET, secretEnv: true }, 'looks like a client secret'],
    [{ instanceUrl: SECRET, secretEnv: true }, 'looks like a client secret'],
    [{ instanceUrl: `https://${SECRET}`, secretEnv: true }, 'looks like a client secret'],
  ])('%#: is refused, and not repeated', async (flags, words) => {
    const refused = await given(flags).catch((error: Error) => error);
    expect(refused).toMatchObject({ name: 'UsageError', message: expect.stringContaining(words) });
    expect((refused as Error).message).not.toContain(SECRET.slice(-4));
    if (flags.secretFile !== undefined) expect(existsSync(flags.secretFile)).toBe(false);
  });

  test('a file that is there may have any name', async () => {
    const folder = emptyFolder();
    writeFileSync(join(folder, SECRET), 's3cret', { mode: 0o600 });
    expect(await given({ secretFile: join(folder, SECRET) })).toMatchObject({ secretFile: join(folder, SECRET) });
    expect(readdirSync(folder)).toEqual([SECRET]);
  });
});
