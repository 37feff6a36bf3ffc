/** What Halo can put into a JSON body. */
export type Json = string | number | boolean | null | Json[] | Row;
/** One Halo record as sent. */
export interface Row {
  [key: string]: Json;
}
