import { expect, test } from 'vitest';
import { shown } from '../../core/shown.js';

const GUID = '0c1d2e3f-4a5b-4c6d-8e7f-9a0b1c2d3e4f';

test('a client secret is never shown, whatever stands around it', () => {
  for (const text of [`${GUID}-${GUID}`, `./${GUID}-${GUID}.json`.toUpperCase()])
    expect(shown(text)).toBe('(what looks like a client secret)');
  expect(shown(GUID)).toBe(GUID);
});
