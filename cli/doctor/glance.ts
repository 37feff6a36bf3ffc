import { ConfigFile, settingsOf } from '../../config/index.js';
import { haloUrls } from '../../config/urls.js';
import { createLog } from '../../core/log.js';
import { Redactor } from '../../core/output/redact.js';
import { createServer } from '../../core/server.js';
import { self } from '../identity.js';
import { bundled } from '../packs.js';
import { started } from '../start.js';
import { halo, host } from './address.js';
import { type Exam, sparing } from './exam.js';
import type { Finding } from './finding.js';

/** What an address tells before there are credentials: whether its host answers, and whether a Halo does. */
export async function glance(instanceUrl: string): Promise<Finding[]> {
  const urls = haloUrls({ instanceUrl });
  const none = { file: undefined, named: false, clientSecret: undefined, warnings: [], directory: process.cwd() };
  const config = sparing({ ...ConfigFile.parse({}), ...none, urls });
  const redactor = new Redactor();
  const log = createLog('silent', redactor);
  const connection = { apiUrl: urls?.api ?? '', tokenUrl: urls?.token ?? '', clientId: '', clientSecret: '' };
  const parts = { log, redactor, bundled, self, connect: async () => connection };
  const { customer, session } = started(await createServer(settingsOf(config), parts));
  const exam: Exam = { config, customer, session, connection };
  return [await host(exam), await halo(exam)].flat();
}
