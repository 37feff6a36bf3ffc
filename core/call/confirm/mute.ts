import type { Row } from '../../halo/row.js';

/**
 * What is added to every record that is sent, so that Halo notifies nobody: what Halo's own screen sends for a private
 * note, plus three fields of its swagger that are untested. It overrides whatever a plan says.
 */
const EVERYWHERE: Row = {
  ...{ sendemail: false, sendsms: false, send_survey: false, sendack: false, follow: false },
  ...{ dont_do_rules: true, _prevent_outgoing: true, _dont_fire_automations: true },
};

/** Channels other than e-mail to which Halo could send an action. */
const ELSEWHERE: Row = {
  ...{ send_to_facebook: false, send_to_whatsapp: false, send_to_instagram: false, send_to_googlebusiness: false },
  ...{ send_to_halo: false },
};

/** True for the path of actions, in any case. */
export const isActions = (path: string): boolean => /^\/actions$/i.test(path);
/** True for the path of tickets, in any case. */
export const isTickets = (path: string): boolean => /^\/tickets$/i.test(path);

/** True for a field of the mute block, which is not part of a record's content. */
export const isMute = (field: string): boolean => field in EVERYWHERE || field in ELSEWHERE;

/** The record as it is sent: with the mute block, and hidden from customers unless they may see it. */
export const muted = (path: string, row: Row, customerVisible: boolean): Row => ({
  ...row,
  ...EVERYWHERE,
  ...(isActions(path) && { ...ELSEWHERE, hiddenfromuser: !(customerVisible && row.hiddenfromuser === false) }),
});

/** Fields that no plan may set: Halo's own switches, anything that sends something, and anything that opens a login. */
const CORES_OWN = /^(_|send|email|sms|cc|bcc|guid$|dont_|new_)|password|authenticator/i;

/** The first field of a record, at any depth, that no plan may set; undefined if there is none. */
export function forbiddenField(value: unknown, top = true): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, inner] of Object.entries(value)) {
    const isMute = top && key in EVERYWHERE;
    if (!Array.isArray(value) && !isMute && CORES_OWN.test(key)) return key;
    const found = forbiddenField(inner, false);
    if (found !== undefined) return found;
  }
  return undefined;
}
