import { describe, expect, test } from 'vitest';
import { asServer, isBroken, type Owner, runAs, whose } from '../../../core/contain/owner.js';

const plugin: Owner = { name: 'mine', strays: 0 };

describe('whose code runs', () => {
  test("a plugin's, in what it starts, too: promises, timers, callbacks", async () => {
    const met = await runAs(plugin, async () => {
      const now = whose();
      await Promise.resolve();
      const later = await new Promise((resolve) => setTimeout(() => resolve(whose()), 0));
      return [now, whose(), later];
    });
    expect(met).toEqual([plugin, plugin, plugin]);
  });

  test("the server's own, outside, and where a plugin only called for it", () => {
    expect(whose()).toBeUndefined();
    expect(runAs(plugin, () => asServer(() => whose()))).toBeUndefined();
    const after = runAs(plugin, () => {
      asServer(whose);
      return whose();
    });
    expect(after).toBe(plugin);
  });

  test('a plugin is off after its third failure outside its calls', () => {
    expect([0, 1, 2, 3, 4].map((strays) => isBroken({ name: 'mine', strays }))).toEqual([
      ...[false, false, false, true, true],
    ]);
  });
});
