const GUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const ONE = new RegExp(`^${GUID}$`, 'i');
const TWO = new RegExp(`${GUID}-${GUID}`, 'i');

/** Halo's client ids are GUIDs. */
export const isClientId = (text: string): boolean => ONE.test(text);

/** True if a text holds a client secret as Halo makes them: two GUIDs joined by a hyphen. */
export const holdsHaloSecret = (text: string): boolean => TWO.test(text);

const ALL = new RegExp(TWO, 'gi');
/** Takes the place of what may be a client secret. */
export const UNSHOWN = '(what looks like a client secret)';

/** The text without what looks like a client secret of Halo's, which people may have put in the place of something else. */
export const withoutHaloSecret = (text: string): string => text.replace(ALL, UNSHOWN);

/** True for what may be a secret of any kind. Names of files are shorter, or end in an extension. */
export function looksSecret(text: string): boolean {
  const end = text.split('.').at(-1) ?? '';
  return holdsHaloSecret(text) || (/^[\w+/=~-]{20,}$/.test(end) && /\d/.test(end) && /[a-z]/i.test(end));
}
