import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { benchAddons } from './addons';
import { benchBlender } from './blender';
import { benchCli } from './cli';
import { benchEndedWorkers } from './ended-workers';
import { benchEvents } from './events';
import { benchFarm } from './farm';
import { benchFarmScale } from './farm-scale';
import { benchHostile, benchHostileDesktop } from './hostile';
import { benchLabelSets } from './label-sets';
import { benchMetrics } from './metrics';
import { benchPlayback } from './playback';
import { benchQueue } from './queue';
import { benchQueueList } from './queue-list';
import { benchQueueScale } from './queue-scale';
import { type Row, report } from './report';

/** Each part is measured against its own baseline in one run, so the ratios are comparable between machines. */
const parts: Readonly<Record<string, (folder: string) => Promise<Row[]>>> = {
  queue: benchQueue,
  scale: benchQueueScale,
  blender: benchBlender,
  metrics: benchMetrics,
  labels: benchLabelSets,
  workers: benchEndedWorkers,
  events: benchEvents,
  addons: benchAddons,
  hostile: benchHostile,
  'hostile-desktop': benchHostileDesktop,
  farm: benchFarm,
  'farm-scale': benchFarmScale,
  cli: benchCli,
  'queue-list': benchQueueList,
  playback: benchPlayback,
};

/** Parts that take many minutes: they run only if they are named. */
const LONG = ['farm-scale'];

const named = process.argv.slice(2);
const unknown = named.find((name) => !Object.hasOwn(parts, name));
if (unknown !== undefined)
  throw new Error(
    `There is no benchmark “${unknown}”: name some of ${Object.keys(parts).join(', ')}, or none for all but ${LONG.join(', ')}.`,
  );
const folder = await mkdtemp(join(tmpdir(), 'framegauge-bench-'));
try {
  const rows: Row[] = [];
  for (const [name, measure] of Object.entries(parts)) {
    if (named.length > 0 ? !named.includes(name) : LONG.includes(name)) continue;
    const own = join(folder, name);
    await mkdir(own);
    rows.push(...(await measure(own)));
  }
  report(rows);
} finally {
  await rm(folder, { recursive: true, force: true });
}
