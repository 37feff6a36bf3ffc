import { expect, test } from 'vitest';
import { Redactor } from '../../../core/output/redact.js';

test.each([4, 16, 64, 1000])(
  'a secret that repeats %i characters, in a text that repeats them too, is taken out once and soon',
  (length) => {
    const unit = 'a1B2c3D4'.repeat(200).slice(0, length);
    const secret = unit.repeat(Math.ceil(4000 / length)).slice(0, 4000);
    const redactor = new Redactor();
    redactor.remember(secret);
    redactor.remember(`${secret}x9`, 'token');
    const safe = redactor.redact(`before ${secret.repeat(200)} after`);
    expect(safe).toMatch(/^before (\[redacted\])+\S{0,8} after$/);
  },
);
