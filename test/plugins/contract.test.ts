import { bundled } from '../../cli/packs.js';
import { describePlugin } from '../../core/testing.js';

for (const { load } of Object.values(bundled)) describePlugin(await load());
