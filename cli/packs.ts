import type { Bundled } from '../core/load.js';

/** The packs that come with the server, in the order of the docs. Only this file names them. */
export const bundled: Bundled = {
  tickets: { default: true, load: async () => (await import('../plugins/tickets/index.js')).default },
  clients: { default: true, load: async () => (await import('../plugins/clients/index.js')).default },
  finance: { default: true, load: async () => (await import('../plugins/finance/index.js')).default },
  projects: { default: true, load: async () => (await import('../plugins/projects/index.js')).default },
  assets: { default: true, load: async () => (await import('../plugins/assets/index.js')).default },
  people: { default: true, load: async () => (await import('../plugins/people/index.js')).default },
  reports: { default: true, load: async () => (await import('../plugins/reports/index.js')).default },
};
