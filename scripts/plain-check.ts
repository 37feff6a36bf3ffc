import { Ajv2020 } from 'ajv/dist/2020.js';
import standaloneCode from 'ajv/dist/standalone/index.js';
import { plainSchema } from '../config/schema.js';

/** The code of config/plain.ts, compiled from the schema of the config. */
export function plainCheck(): string {
  const ajv = new Ajv2020({
    ...{ useDefaults: true, messages: false },
    ...{ unicode: false, logger: false }, // lengths as the schema library counts them; the logger calls that old
    schemas: { config: plainSchema() },
    code: { source: true, esm: true },
  });
  return standaloneCode.default(ajv, { fillIfPlain: 'config' });
}
