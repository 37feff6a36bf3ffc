import { settingsFrom } from '../../config/index.js';
import { waysTo } from '../../config/proxy.js';
import { haloUrls } from '../../config/urls.js';
import { createLog } from '../../core/log.js';
import { Redactor } from '../../core/output/redact.js';
import { createServer } from '../../core/server.js';
import { type CustomerSettings, ONLY_CUSTOMER } from '../../core/settings.js';
import { self } from '../identity.js';
import { bundled } from '../packs.js';
import { started } from '../start.js';
import { halo, host } from './address.js';
import { type Exam, sparing } from './exam.js';
import type { Finding } from './finding.js';

/** What can be found out about an address without credentials: whether its host answers, and whether it is a Halo. */
export async function glance(instanceUrl: string): Promise<Finding[]> {
  const urls = haloUrls({ instanceUrl });
  const settings = sparing(settingsFrom({ customers: { [ONLY_CUSTOMER]: { urls } } }));
  const redactor = new Redactor();
  const log = createLog('silent', redactor);
  const connection = {
    apiUrl: urls?.api ?? '',
    tokenUrl: urls?.token ?? '',
    clientId: '',
    clientSecret: '',
    ...waysTo(urls),
  };
  const parts = { log, redactor, bundled, self, connect: async () => connection };
  const one = started(await createServer(settings, parts));
  const own = settings.customers[ONLY_CUSTOMER] as CustomerSettings;
  const exam: Exam = { settings, own, connection, ...one };
  return [await host(exam), await halo(exam)].flat();
}
