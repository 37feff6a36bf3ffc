import { empty } from '../http/replies.js';
import type { SandboxAnswer } from '../request.js';
import type { FaultKind } from './kind.js';

/** The change is made, but the answer is spoilt. Any other fault set on `write` hits before the change. */
const done = (does: string, told: () => SandboxAnswer): FaultKind => ({
  ...{ does, on: 'write' },
  async spoil({ answer }) {
    await answer();
    return told();
  },
});

/** Ways in which only a change goes wrong. */
export const writes = {
  lost: done('the change is made, and the connection breaks before anything comes', () => 'drop'),
  '500-after': done('the change is made, and Halo fails with an empty body', () => empty(500)),
  '200-empty': done('the change is made, and 200 comes with an empty body', () => ({ status: 200 })),
  '204-after': done('the change is made, and 204 comes without a body', () => empty(204)),
} as const satisfies Record<string, FaultKind>;
