import { HaloError } from '../../errors.js';

/** Another caller is sending the same change right now. */
export const underWay = (): HaloError =>
  new HaloError('WRITE_UNDER_WAY', 'An equal change is under way. Nothing was changed by this call.');
