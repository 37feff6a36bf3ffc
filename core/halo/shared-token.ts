import type { Shelf } from '../store/shelf.js';
import type { Scope } from './scopes.js';
import type { SharedToken } from './token.js';

interface Written {
  value: string;
  granted: readonly string[];
  /** Milliseconds from its renewal to its end. */
  restMs: number;
  asking: readonly Scope[];
}

/** A token stays on the shelf until its renewal, by the shelf's clock: the servers' clocks may differ. */
export function sharedToken(shelf: Shelf, credential: readonly string[], wanted: readonly Scope[]): SharedToken {
  const name = JSON.stringify([credential, wanted]);
  return {
    async find() {
      const kept = await shelf.get(name).catch(() => undefined);
      if (kept === undefined || kept.milliseconds <= 0) return undefined;
      const { value, granted, restMs, asking } = JSON.parse(kept.text) as Written;
      const renewAt = performance.now() + kept.milliseconds;
      return { token: { value, granted, renewAt, endsAt: renewAt + restMs }, asking };
    },
    async leave({ token: { value, granted, renewAt, endsAt }, asking }) {
      const milliseconds = renewAt - performance.now();
      if (milliseconds < 1) return;
      const written: Written = { value, granted, restMs: endsAt - renewAt, asking };
      await shelf.set(name, JSON.stringify(written), milliseconds).catch(() => undefined);
    },
  };
}
