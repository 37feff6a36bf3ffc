import { bundled } from '../../cli/packs.js';
import { describePlugin } from '../../kit/contract.js';

for (const { load } of Object.values(bundled)) describePlugin(await load(), { snapshots: '../snapshots/tools' });
