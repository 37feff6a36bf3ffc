import { bundled } from '../../cli/packs.js';
import { describePlugin } from '../../kit/contract.js';
import tickets from '../../plugins/tickets/index.js';

for (const { load } of Object.values(bundled)) describePlugin(await load(), { snapshots: '../snapshots/tools' });

describePlugin(tickets, {
  options: { open_only: true, columns: ['hours', 'impact', 'reportedby'] },
  snapshots: '../snapshots/with-options',
});
