import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createLifecycle } from '../src/main/events/lifecycle';
import { createJobEstimate } from '../src/main/jobs/eta/job-estimate';
import { JobStore } from '../src/main/jobs/store/job-store';
import { RenderQueue } from '../src/main/jobs/queue';
import { createRenderCounters } from '../src/main/jobs/render-counters';
import { type JobSettings, jobSettingsSchema } from '../src/shared/jobs';
import { paperEngine } from '../test/helpers/paper-engine';
import { percentile } from './percentile';
import type { Row } from './report';

/** Numbers of frame rows; jobs have 100 frames each, so the last means 10,000 jobs. */
const SIZES = [1_000, 10_000, 100_000, 1_000_000];
const FRAMES = 100;
const RUNS = 50;

/** Milliseconds per queue operation; the median of many runs where it can be repeated. */
interface Costs {
  readonly start: number;
  readonly add: number;
  readonly decision: number;
  readonly list: number;
  readonly done: number;
  readonly timeLeft: number;
}

const goals: Readonly<Record<keyof Costs, readonly [what: string, goal: string]>> = {
  start: ['start of the queue', '≤ 1000 ms'],
  add: [`adding a job of ${FRAMES} frames`, '≤ 20 ms'],
  decision: ['a scheduling decision', '≤ 1 ms'],
  list: ['listing every job', ''],
  done: ['handing a frame out and marking it done', ''],
  timeLeft: ['time left of one job with so many frames', '≤ 1 ms'],
};

/** Cost of queue operations with 10³ to 10⁶ frames in the database, as a ratio to 10³. */
export async function benchQueueScale(folder: string): Promise<Row[]> {
  const costs: Costs[] = [];
  // Warm-up: the first run of anything is slower.
  await measure(join(folder, 'scale-first'), SIZES[0]!);
  for (const frames of SIZES) costs.push(await measure(join(folder, `scale-${frames}`), frames));
  return (Object.keys(goals) as (keyof Costs)[]).map((name) => {
    const values = costs.map((cost) => cost[name]);
    const [what, goal] = goals[name];
    return {
      what: `${what}, ${SIZES.at(-1)!.toLocaleString('en')} frames against ${SIZES[0]!.toLocaleString('en')}`,
      value: `×${(values.at(-1)! / values[0]!).toFixed(1)}`,
      goal,
      detail: SIZES.map(
        (size, index) => `10^${Math.log10(size)}: ${values[index]!.toFixed(values[index]! < 10 ? 2 : 0)} ms`,
      ).join(', '),
    };
  });
}

async function measure(folder: string, frames: number): Promise<Costs> {
  await mkdir(folder, { recursive: true });
  const filling = new JobStore(folder);
  const settings = settingsIn(folder);
  const jobs = frames / FRAMES;
  for (let job = 0; job < jobs; job++) filling.add({ name: `job ${job}`, engine: 'gltf', settings });
  filling.close();

  const begun = performance.now();
  const store = new JobStore(folder);
  // A frame that does not end: the queue has decisions to make, and nothing changes during the measurement.
  let finish = (): void => {};
  let handed = (): void => {};
  const inWork = new Promise<void>((resolve) => (handed = resolve));
  const engine = paperEngine(() => {
    handed();
    return new Promise((resolve) => (finish = () => resolve(undefined)));
  });
  const queue = new RenderQueue({
    store,
    dataFolder: folder,
    engines: new Map([['gltf', engine]]),
    lifecycle: createLifecycle((error) => {
      throw error;
    }),
    counters: createRenderCounters(),
    listener: { job() {}, frame() {}, workers() {}, queue() {}, jobRemoved() {} },
    images: { verify: async () => {}, inspect: async () => null },
    workerLimit: () => 1,
    onFault(error) {
      throw error;
    },
  });
  await queue.start();
  const start = performance.now() - begun;
  try {
    await inWork;
    const decision = middle(() => queue.limitChanged());
    const list = middle(() => store.jobs());
    const adding: number[] = [];
    for (let run = 0; run < RUNS; run++) {
      const before = performance.now();
      await queue.submit({ name: 'one more', engine: 'gltf', settings });
      adding.push(performance.now() - before);
    }
    const add = percentile(adding, 0.5);
    const last = store.add({ name: 'measured', engine: 'gltf', settings }).id;
    const done = middle((run) => {
      const { lease } = store.tries.start(last, run + 1, 1);
      store.tries.done({ jobId: last, frame: run + 1, lease }, { file: join(folder, `${run}.png`), seconds: 1 });
    });
    return { start, decision, list, add, done, timeLeft: timeLeftOf(frames) };
  } finally {
    const closed = queue.close();
    finish();
    await closed;
    store.close();
  }
}

/**
 * Cost of estimating the time left after a frame was written. The job is half done, in the order “every 8th first”, and
 * the curve is fitted anew each time.
 */
function timeLeftOf(frames: number): number {
  const order = Array.from({ length: frames }, (_, index) => index + 1);
  const estimates = Array.from({ length: RUNS }, () => createJobEstimate(order.slice(0, frames / 2)));
  return middle((run) => {
    const estimate = estimates[run]!;
    for (let frame = 1; frame < frames / 2; frame += frames / 64)
      estimate.done({ frame: Math.floor(frame), seconds: 1 + Math.sin(frame), slot: 1, writtenAt: frame * 1000 });
    estimate.left(2, frames * 1000);
  });
}

function middle(step: (run: number) => unknown): number {
  const times = Array.from({ length: RUNS }, (_, run) => {
    const begun = performance.now();
    step(run);
    return performance.now() - begun;
  });
  return percentile(times, 0.5);
}

function settingsIn(folder: string): JobSettings {
  return jobSettingsSchema.parse({
    scene: join(folder, 'scene.glb'),
    frames: `1-${FRAMES}`,
    width: 64,
    height: 36,
    samples: 1,
    camera: null,
    fps: 24,
    output: join(folder, 'out', '####.png'),
    overwrite: true,
    workers: null,
  });
}
