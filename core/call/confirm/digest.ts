// confirm/: A change of Halo from its plan to its trail: shown, confirmed, sent once, read back and recorded.
import { createHash } from 'node:crypto';

/** The digest of a JSON value; the order of its keys does not matter. */
export const digestOf = (value: unknown): string =>
  createHash('sha256').update(canonical(value)).digest('base64url').slice(0, 32);

/** The digest of what would be sent, and to which customer. */
export const sentDigest = (customer: string, { path, body }: { path: string; body: unknown }): string =>
  digestOf([customer, path.toLowerCase(), body]);

/** A value as text that does not depend on the order of its keys. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  ) ?? '';
