import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { benchBlender } from './blender';
import { benchLabelSets } from './label-sets';
import { benchMetrics } from './metrics';
import { benchQueue } from './queue';
import { benchQueueScale } from './queue-scale';
import { report } from './report';

// Each part measures itself against its own limit in one run, so the ratios mean the same on every machine.
const folder = await mkdtemp(join(tmpdir(), 'framegauge-bench-'));
try {
  report([...(await benchQueue(folder)), ...(await benchQueueScale(folder)), ...(await benchBlender(join(folder, 'blender'))), ...(await benchMetrics(folder)), ...(await benchLabelSets(folder))]);
} finally {
  await rm(folder, { recursive: true, force: true });
}
