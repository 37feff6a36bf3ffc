import type { Row } from '../../halo/row.js';

/**
 * What goes into every record that is sent, so that Halo tells nobody of it: the block of Halo's own screen for a
 * private note, and besides three fields of its swagger that nobody has tried. Whatever a plan says of them is dropped.
 */
const EVERYWHERE: Row = {
  ...{ sendemail: false, sendsms: false, send_survey: false, sendack: false, follow: false },
  ...{ dont_do_rules: true, _prevent_outgoing: true, _dont_fire_automations: true },
};

/** Where an action could be sent on to beside e-mail. */
const ELSEWHERE: Row = {
  ...{ send_to_facebook: false, send_to_whatsapp: false, send_to_instagram: false, send_to_googlebusiness: false },
  ...{ send_to_halo: false },
};

/** True for a path of actions, whatever its case. */
export const isActions = (path: string): boolean => /^\/actions$/i.test(path);
/** True for a path of tickets, whatever its case. */
export const isTickets = (path: string): boolean => /^\/tickets$/i.test(path);

/** True for a field of the mute block, which says nothing of a record's content. */
export const isMute = (field: string): boolean => field in EVERYWHERE || field in ELSEWHERE;

/** The record as it is sent: with the mute block, and where no customer may see it, hidden from them. */
export const muted = (path: string, row: Row, customerVisible: boolean): Row => ({
  ...row,
  ...EVERYWHERE,
  ...(isActions(path) && { ...ELSEWHERE, hiddenfromuser: !(customerVisible && row.hiddenfromuser === false) }),
});

/** Fields of a record that no plan may set: Halo's own switches, whatever sends something, and whatever opens a login. */
const CORES_OWN = /^(_|send|email|sms|cc|bcc|guid$|dont_|new_)|password|authenticator/i;

/** The first field of a record, at whatever depth, that no plan may set; undefined where there is none. */
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
