import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, it } from 'vitest';
import type { ActiveJob } from '../../../src/main/jobs/active-job';
import { FrameResults } from '../../../src/main/jobs/frame-results';
import { type OutputScanOptions, scanOutput } from '../../../src/main/jobs/output-scan';
import { imagesOf } from '../../../src/main/jobs/output/image-path';
import { createFailureStreaks } from '../../../src/main/jobs/workers/failure-streaks';
import type { JobSettings } from '../../../src/shared/jobs';
import { makePng } from '../../helpers/png';
import { makeParts } from '../../helpers/queue-parts';

/** A job that has begun and whose output was not scanned yet. */
async function made(change: Partial<JobSettings> = {}, space?: OutputScanOptions['space']) {
  const parts = makeParts();
  const { store, options, begin } = parts;
  const machines = { hasOther: () => false };
  const results = new FrameResults({ ...parts, ...options, machines, streaks: createFailureStreaks() });
  const active = await begin(change);
  active.phase = 'new';
  return {
    ...parts,
    active,
    scan: () => scanOutput(active, { ...parts, images: options.images, results, space }),
    states: () => store.frames.list(1).map(({ state }) => state),
    stop: () => parts.states.stop(1, 'paused', null),
  };
}

/** Puts somebody's images where frames of a job belong. */
function occupy({ settings }: ActiveJob, ...frames: number[]): void {
  for (const frame of frames) {
    const image = imagesOf(settings, frame)[0]!;
    mkdirSync(dirname(image), { recursive: true });
    writeFileSync(image, makePng(8, 6, 200));
  }
}

it('makes a job ready in whose way nothing is', async () => {
  const { active, scan, states } = await made();
  await scan();
  expect([active.phase, states()]).toEqual(['ready', ['waiting', 'waiting', 'waiting']]);
});

it('ends a job in whose way images are, and says what can be done', async () => {
  const { active, scan, store } = await made();
  occupy(active, 2, 3);
  await scan();
  expect(store.job(1)).toMatchObject({
    state: 'failed',
    reason: expect.stringMatching(/0002\.png is there already.*Duplicate job 1/),
    frames: { waiting: 3 },
  });
});

it('skips what the job is to keep, with a warning, and ends it where nothing is left', async () => {
  const { active, scan, states, store, counters } = await made({ keepExisting: true });
  occupy(active, 2);
  await scan();
  expect(states()).toEqual(['waiting', 'skipped', 'waiting']);
  expect(store.job(1)!.warnings).toEqual([expect.stringMatching(/^The image of 1 frame was there before/)]);
  occupy(active, 1, 3);
  active.phase = 'new';
  await scan();
  expect([store.job(1)!.state, counters.totals().engines.gltf!.skipped]).toEqual(['completed', 3]);
});

it('does not ask where the job overwrites', async () => {
  const { active, scan, states } = await made({ overwrite: true });
  occupy(active, 1);
  await scan();
  expect([active.phase, states()]).toEqual(['ready', ['waiting', 'waiting', 'waiting']]);
});

it('changes nothing any more where the job was paused meanwhile, and another scan has begun', async () => {
  let open: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => (open = resolve));
  const { active, scan, states, stop } = await made({ keepExisting: true }, { checked: () => gate });
  occupy(active, 1);
  const first = scan();
  stop();
  const second = scan();
  occupy(active, 2);
  open();
  await first;
  expect([active.phase, states()]).toEqual(['scanning', ['waiting', 'waiting', 'waiting']]);
  await second;
  expect([active.phase, states()]).toEqual(['ready', ['skipped', 'skipped', 'waiting']]);
});

it('changes nothing of a job that the host has given up meanwhile', async () => {
  let open: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => (open = resolve));
  const { active, scan, store, states, jobs } = await made({}, { checked: () => gate });
  occupy(active, 1);
  const scanned = scan();
  jobs.clear();
  open();
  await scanned;
  expect([store.job(1)!.state, active.phase, states()[0]]).toEqual(['rendering', 'scanning', 'waiting']);
});
