import type { Incoming } from './http.js';

/** The fields that a 400 of model binding names, each with its list of faults; nothing else of the body. */
export function namedFields({ body }: Incoming): string {
  try {
    const parsed: unknown = JSON.parse(body);
    if (typeof parsed !== 'object' || parsed === null) return '';
    const fields = Object.entries((parsed as { errors?: object }).errors ?? parsed)
      .filter(([key, faults]) => /^[a-z_]{1,40}$/.test(key) && Array.isArray(faults))
      .map(([key]) => key);
    return fields.length > 0 ? ` (${fields.slice(0, 5).join(', ')})` : '';
  } catch {
    return '';
  }
}
