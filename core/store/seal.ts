import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto';

const ALGORITHM = 'aes-256-gcm';
const [NONCE, TAG] = [12, 16];

/** Derives a key of 32 bytes for one purpose. */
export const keyFor = (key: Buffer, purpose: string): Buffer =>
  Buffer.from(hkdfSync('sha256', key, '', `halo-mcp ${purpose}`, 32));

/** Encrypts texts, each for one place: a text moved to another place does not open. */
export interface Seal {
  close(text: string, place: string): string;
  /** Undefined for what was sealed with another key or for another place, or altered. */
  open(sealed: string, place: string): string | undefined;
}

export function sealWith(key: Buffer): Seal {
  return {
    close(text, place) {
      const nonce = randomBytes(NONCE);
      const cipher = createCipheriv(ALGORITHM, key, nonce).setAAD(Buffer.from(place));
      const closed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), closed]).toString('base64');
    },
    open(sealed, place) {
      const bytes = Buffer.from(sealed, 'base64');
      try {
        const decipher = createDecipheriv(ALGORITHM, key, bytes.subarray(0, NONCE), { authTagLength: TAG })
          .setAAD(Buffer.from(place))
          .setAuthTag(bytes.subarray(NONCE, NONCE + TAG));
        return Buffer.concat([decipher.update(bytes.subarray(NONCE + TAG)), decipher.final()]).toString('utf8');
      } catch {
        return undefined;
      }
    },
  };
}

/** A name that reveals nothing of what it stands for; with a key it can't be found by guessing either. */
export function named(parts: readonly string[], key?: Buffer): string {
  const text = JSON.stringify(parts);
  const digest = key === undefined ? createHash('sha256') : createHmac('sha256', key);
  return digest.update(text).digest('base64url').slice(0, 32);
}
