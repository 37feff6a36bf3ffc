import { describe, expect, test } from 'vitest';
import { loadConfig, settingsOf } from '../../config/index.js';
import { folderWith, found, JSON_NAME, named, refusal } from './folder.js';

const load = (content: object) => loadConfig({ file: 'mine.json', env: {}, cwd: folderWith({ 'mine.json': content }) });

const zones = async (config: object) =>
  Object.fromEntries(
    Object.entries(settingsOf(await load(config)).customers).map(([name, { timeZone }]) => [name, timeZone]),
  );

describe('the time zone of a config', () => {
  test('is the one that it names; without it the machine is asked when the server starts', async () => {
    expect(await zones({ timeZone: 'America/St_Johns' })).toEqual({ default: 'America/St_Johns' });
    expect(await zones({})).toEqual({ default: undefined });
  });

  test('a customer may have its own in place of the general one', async () => {
    const customers = { contoso: { timeZone: 'Asia/Kolkata' }, fabrikam: {} };
    expect(await zones({ timeZone: 'Europe/London', customers })).toEqual({
      contoso: 'Asia/Kolkata',
      fabrikam: 'Europe/London',
    });
  });

  test.each(['Europe/Londno', '+01:00', 'GMT Standard Time', ''])(
    '%j is not a time zone, and a valid one is suggested',
    async (zone) =>
      expect(await refusal(named({ timeZone: zone }))).toMatch(
        /"timeZone" is not a time zone: use an IANA name, such as Europe\/London\. Correct it there\.$/,
      ),
  );

  test('is not for a config that was merely found to set', async () =>
    expect(await refusal(found({ [JSON_NAME]: { timeZone: 'UTC' } }))).toContain('it may not set timeZone.'));
});
