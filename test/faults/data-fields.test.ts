import { describe, expect, test } from 'vitest';
import { changedSandbox, eachRow, type Row } from '../cli/doctor/changed.js';
import { type Json, type Session, textOf } from '../session.js';
import { against, everyCall, sandboxOf } from './every-tool.js';

const PLANT = 'pl4nted';

/** Undeclared fields that Halo's records have, or may have one day. */
const SECRETS = [
  ...['password', 'resetpassword', 'new_password', 'passwordhash', 'access_token', 'accesstoken', 'refresh_token'],
  ...['client_secret', 'api_key', 'apikey', 'mfa_secret', 'two_factor_key', 'pin', 'bank_account', 'sort_code', 'iban'],
  ...['licence_key', 'license_key', 'product_key', 'private_key', 'connection_string', 'ldapstring', 'card_number'],
  ...['a_field_of_2027', '_embedded', 'emailsignature'],
];

/** What people call the custom fields in which they keep secrets. */
const LABELS = [
  ...['Admin password', 'Passwords', 'Passwd', 'WiFi key', 'Wi-Fi Key', 'WPA key', 'Licence key', 'License Keys'],
  ...['Windows Product Key', 'API key', 'SSH key', 'Encryption key', 'BitLocker', 'Recovery code', 'Root PW', 'PIN'],
  ...['VPN pre-shared key', 'PSK', 'MFA', '2FA seed', 'OTP', 'TOTP secret', 'Bank account', 'IBAN', 'Sort code'],
  ...[
    'Card number',
    'CVV',
    'Access token',
    'Private key',
    'Passphrase',
    'Credentials',
    'Passwort',
    'Connection string',
  ],
];

/** Every object with secrets in it, at any depth, and every list of custom fields with more of them. */
function planted(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) {
    const own = value.map((one) => planted(one));
    return key === 'customfields' || key === 'fields' ? [...own, ...fieldsOf(LABELS)] : own;
  }
  if (typeof value !== 'object' || value === null) return value;
  const own = Object.entries(value).map(([name, inner]): [string, unknown] => [name, planted(inner, name)]);
  const more = SECRETS.filter((name) => !(name in value)).map((name) => [name, `${PLANT} ${name}`]);
  return Object.fromEntries([...own, ...more]);
}

const fieldsOf = (labels: string[]) => [
  ...labels.map((label, index) => ({ id: 9000 + index, name: `CF${index}`, label, value: `${PLANT} ${label}` })),
  ...labels.map((label, index) => ({
    id: 9500 + index,
    name: `CF ${label}`,
    value: label,
    display: `${PLANT} ${label}`,
  })),
  { id: 9999, name: 'CFharmless', label: 'Harmless', isencrypted: true, value: PLANT, display: PLANT },
  { id: 9998, name: 'CFRackName', label: 'Rack', value: 'rack 7', display: 'rack 7' },
];

const propertiesOf = (schema: unknown): string[] =>
  typeof schema !== 'object' || schema === null
    ? []
    : Object.entries(schema).flatMap(([key, inner]) => [
        ...(key === 'properties' ? Object.keys(inner as object) : []),
        ...propertiesOf(inner),
      ]);

const DENIED =
  /pass(w|code|phrase)|secret|token|credential|(api|private|licen[cs]e|product|recovery)_?key|mfa|2fa|otp|\bpin\b|bank|iban|sort_?code|card_?n/i;

describe('D04 unrequested fields', () => {
  test('D04 no tool has a place for a secret in what it answers', async () => {
    const session = await against(await sandboxOf());
    const { tools } = await session.client.listTools();
    expect(tools.length).toBe(33);
    for (const { name, outputSchema, inputSchema } of tools) {
      expect(propertiesOf(outputSchema).length).toBeGreaterThan(3);
      for (const property of [...propertiesOf(outputSchema), ...propertiesOf(inputSchema)])
        expect([name, DENIED.test(property) && property]).toEqual([name, false]);
      expect([name, JSON.stringify(outputSchema).includes('"additionalProperties":true')]).toEqual([name, false]);
    }
  });

  test('D04 planted secrets and new fields of Halo come with no tool, whatever columns are asked for', async () => {
    const session = await against(await changedSandbox((_, body) => planted(body)));
    let fields = 0;
    for (const { name, args } of await everyCall(session)) {
      const result = await session.call(name, args);
      expect([name, result.isError && textOf(result)]).toEqual([name, undefined]);
      fields += textOf(result).split('rack 7').length - 1;
    }
    // Custom fields without secrets are shown, which proves that the lists were read.
    expect(fields).toBeGreaterThan(0);
    const around = (text: string) => text.match(/.{30}pl4nted.{30}/g);
    expect([around(session.stdout()), around(session.stderr())]).toEqual([null, null]);
  });
});

/** A page of a tenant with 137,000 of everything, each with pages of text. */
function huge(path: string, body: unknown, query: URLSearchParams): unknown {
  const [key, own] = Object.entries(body as Row).find(([, value]) => Array.isArray(value)) ?? [];
  if (Array.isArray(body) || !('record_count' in (body as Row)) || key === undefined || !Array.isArray(own))
    return body;
  // The sandbox has few pages, so pages after its last repeat its first.
  if (!patterns.has(path) || Number(query.get('page_no') ?? 1) === 1) patterns.set(path, own);
  const list = patterns.get(path) ?? own;
  if (list.length === 0) return body;
  const size = Number(query.get('page_size') ?? 50);
  const first = (Number(query.get('page_no') ?? 1) - 1) * size + 1;
  const rows = Array.from({ length: size }, (_, index) => {
    const row = list[index % list.length] as Row;
    const words = Object.entries(row).filter(([name, value]) => typeof value === 'string' && WORDY.test(name));
    const long = Object.fromEntries(words.map(([name, value]) => [name, `${value} ${'lorem ipsum '.repeat(400)}`]));
    return { ...row, ...long, id: Math.sign(Number(row.id)) * (first + index) };
  });
  return { ...(body as Row), record_count: query.has('includeinactive') ? 137_999 : 137_000, [key]: rows };
}
const patterns = new Map<string, unknown[]>();
const WORDY = /^(summary|details|note|name|.*_name|inventory_number|ref|key_field|website)$/;

describe('D06 how much leaves', () => {
  test('D06 a list gives 25 rows unless more are asked for, and never more than 100', async () => {
    const session = await against(await sandboxOf());
    const { tools } = await session.client.listTools();
    const paged = tools.filter(({ inputSchema }) => 'page_size' in (inputSchema.properties ?? {}));
    expect(paged.length).toBeGreaterThanOrEqual(10);
    for (const { name, inputSchema } of paged) {
      expect(inputSchema.properties?.page_size).toMatchObject({ default: 25, maximum: 100 });
      expect(await session.fail(name, { page_size: 101 })).toMatch(/^BAD_ARGUMENTS: "page_size" must be at most 100/);
    }
  });

  /** What one tool answers, within the bounds: its text, what is missing, and how to go on. */
  async function bounded(session: Session, name: string, args: Json): Promise<Json> {
    const result = await session.call(name, args);
    const text = textOf(result);
    expect([name, result.isError && text]).toEqual([name, undefined]);
    expect([name, Buffer.byteLength(text) < 80_000]).toEqual([name, true]);
    expect([name, Buffer.byteLength(JSON.stringify(result)) < 250_000]).toEqual([name, true]);
    const content = result.structuredContent as Json;
    if (content.omitted !== undefined)
      expect([name, content.hint]).toEqual([name, expect.stringMatching(/Too long: /)]);
    return content;
  }

  test('D06 of 137,000 rows full of text what fits is told, with what is missing and how to go on', async () => {
    const session = await against(await changedSandbox(huge));
    const calls = await everyCall(session);
    for (const name of [
      'list_tickets',
      'list_actions',
      'list_clients',
      'list_projects',
      'list_assets',
      'list_reports',
    ]) {
      const { args = {} } = calls.find((one) => one.name === name) ?? {};
      const { items, omitted, total, hint, next_page } = await bounded(session, name, { ...args, page_size: 100 });
      for (const [column, cell] of (items as Json[]).flatMap((row) => Object.entries(row)))
        expect([name, column, String(cell).length < 2020]).toEqual([name, column, true]);
      const goOn = expect.stringContaining('Go on with page_size=');
      if (omitted !== undefined) expect([name, next_page, hint]).toEqual([name, null, goOn]);
      // What Halo does not page is whole: the actions of one ticket.
      else if (total !== (items as Json[]).length) expect([name, next_page, total]).toEqual([name, 2, 137_000]);
    }
  });

  test('D06 no tool tells more of a large book than its bounds, and totals stay', async () => {
    const scale = { invoices: 150, recurringInvoices: 110, contracts: 110 };
    const halo = await sandboxOf({ scale, requestsPer5Minutes: 100_000 });
    const session = await against(halo);
    for (const { name, args } of await everyCall(session))
      await bounded(session, name, { ...args, ...(name.startsWith('list_') && { page_size: 100 }) });
  });

  test('D06 the text of one record is cut at whole characters, with what is missing', async () => {
    const note = '🙂'.repeat(3000);
    const halo = await changedSandbox(eachRow(/^\/actions/, (row) => ({ ...row, note, note_html: note })));
    const session = await against(halo);
    const { items } = await session.ask<{ items: { note: string }[] }>('list_actions', { ticket_id: 10311 });
    const notes = items.flatMap((row) => row.note ?? []);
    expect(notes.length).toBeGreaterThan(0);
    for (const shown of notes) expect(shown).toMatch(/^🙂{300}…\(\+2700\)$/u);
  });
});
