import { HaloError } from '../../errors.js';

/** The same is being sent right now, by somebody else. */
export const underWay = (): HaloError =>
  new HaloError('WRITE_UNDER_WAY', 'An equal change is under way. Nothing was changed by this call.');
