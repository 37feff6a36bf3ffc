import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { confirm, isCancel, multiselect, note, password, select, text } from '@clack/prompts';
import { filledIn } from '../../config/index.js';
import { readSecret } from '../../config/secret.js';
import { unusable } from '../../config/variables.js';
import { bundled, byDefault } from '../packs.js';
import { UsageError } from '../print.js';
import { guessed, placeFault, readUrl, secretName } from './answers.js';
import { CLIENTS } from './clients.js';

/** Init's questions, one for each answer without a flag. */
export interface Questions {
  instanceUrl(known: string | undefined): Promise<string>;
  /** Shows what was found at the address. If nothing answers, or the address was corrected, asks whether to go on. */
  keep(told: string, found: { answers: boolean; asGiven: boolean }): Promise<boolean>;
  clientId(known: string | undefined): Promise<string>;
  packs(): Promise<string[]>;
  /** Shows what to tick on the API application, before asking for its credentials. */
  scopes(names: readonly string[]): void;
  client(): Promise<string>;
  /** A file, or undefined for the environment. */
  secretPlace(mayBeEnv: boolean, customer?: string): Promise<string | undefined>;
  secret(file: string): Promise<string>;
  write(file: string): Promise<boolean>;
  overwrite(file: string, what: string): Promise<boolean>;
}

/** Where a person answers. */
export interface Terminal {
  input?: Readable;
  output?: Writable;
}

/** Asks on a terminal. Leaving (Ctrl-C, Esc) changes nothing. */
export function questions(terminal: Terminal = {}): Questions {
  const line = async (message: string, known: string | undefined, validate: (value: string) => string | undefined) =>
    answered(
      await text({
        message,
        ...terminal,
        ...(known !== undefined && { initialValue: known }),
        validate: (value) => validate(value?.trim() ?? ''),
      }),
    ).trim();
  const given = (value: string) => (value === '' ? 'It is needed.' : undefined);
  return {
    instanceUrl: (known) => line('Address of your Halo (https://yourcompany.halopsa.com)', known, urlFault),
    clientId: (known) =>
      line(
        'Client ID of the API application (Configuration > Integrations > Halo API)',
        known,
        (value) => given(value) ?? unusable('clientId', value),
      ),
    async keep(told, { answers, asGiven }) {
      note(told, 'What answers there', terminal);
      return (
        (answers && asGiven) ||
        answered(await confirm({ message: 'Go on with this address?', initialValue: answers, ...terminal }))
      );
    },
    packs: async () =>
      answered(
        await multiselect({
          message: 'Packs (space chooses, enter goes on)',
          ...terminal,
          options: await packOptions(),
          initialValues: [...byDefault],
          required: true,
        }),
      ),
    scopes: (names) => note(names.join('\n'), 'Tick these scopes on the API application, and no others', terminal),
    client: async () =>
      answered(
        await select({
          message: 'Which client is to be set up?',
          ...terminal,
          options: [
            ...Object.entries(CLIENTS).map(([value, { title }]) => ({ value, label: title })),
            { value: 'none', label: 'Another one', hint: 'shows the block to paste' },
          ],
        }),
      ),
    async secretPlace(mayBeEnv, customer) {
      const name = customer === undefined ? 'client-secret' : `${customer}.client-secret`;
      const file = join(homedir(), '.config', 'halo-mcp', name);
      const place = mayBeEnv
        ? answered(
            await select({
              message: 'Where does the client secret live?',
              ...terminal,
              options: [
                { value: 'file', label: 'In a file that only you can read' },
                { value: 'env', label: `In the environment variable ${secretName(customer)}` },
              ],
            }),
          )
        : 'file';
      if (place === 'env') return undefined;
      const path = await line('File of the client secret (made if it is not there)', file, fileFault);
      return filledIn(path, process.env);
    },
    secret: async (file) =>
      answered(
        await password({
          message: `The client secret; it is written to ${file} and shown nowhere`,
          ...terminal,
          validate: (value) => given(value?.trim() ?? ''),
        }),
      ).trim(),
    write: async (file) =>
      answered(
        await confirm({
          message: `Put the server into ${file}? Everything else in it stays, and a copy is kept.`,
          ...terminal,
        }),
      ),
    overwrite: async (file, what) =>
      answered(
        await confirm({ message: `${file}: ${what}. Replace it? A copy is kept.`, initialValue: false, ...terminal }),
      ),
  };
}

/** @throws UsageError if the person left */
function answered<T>(value: T): Exclude<T, symbol> {
  if (isCancel(value)) throw new UsageError('Left: nothing was written.');
  return value as Exclude<T, symbol>;
}

function urlFault(value: string): string | undefined {
  try {
    readUrl(guessed(value));
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** Why a file can neither be read for the secret nor made for it. */
function fileFault(value: string): string | undefined {
  const file = filledIn(value, process.env);
  if (value === '' || (existsSync(file) && readSecret(file).secret === undefined))
    return 'Name a file that holds the secret, or one that is not there yet.';
  return placeFault(file);
}

async function packOptions() {
  const { cardOf } = await import('../../core/load/card.js');
  return Promise.all(
    Object.entries(bundled).map(async ([value, { card, load }]) => {
      const { tools, description } = card ?? cardOf(await load());
      const scopes = [...new Set(tools.flatMap((tool) => tool.scopes))].join(', ') || 'no scope of its own';
      return { value, label: value, hint: [description, scopes].filter(Boolean).join('; ') };
    }),
  );
}
