import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { FrameError } from '../../../src/main/engines/render-engine';
import type { Job, JobChanges } from '../../../src/shared/jobs';
import { type JobOperations, createJobOperations } from '../../../src/main/jobs/job-operations';
import { jobTable } from '../../../src/renderer/model/job-table';
import { createPreviews } from '../../../src/main/jobs/output/previews';
import { type PaperQueue, makeQueue } from '../../helpers/paper-queue';
import { paperEngine } from '../../helpers/paper-engine';
import { planGltfJob } from '../../helpers/plan-job';
import { makePng } from '../../helpers/png';
import { sampleScene } from '../../helpers/samples';
import { temporaryFolder } from '../../helpers/temporary-folder';

const page = { offset: 0, limit: 100 };

/** The operations over a queue that is paused until it is resumed. */
async function makeOperations(engine = paperEngine()): Promise<
  PaperQueue & {
    operations: JobOperations;
    folder: string;
    request(name: string): { scene: string; frames: string; width: number; height: number; output: string };
  }
> {
  const folder = temporaryFolder();
  const paper = makeQueue(folder, engine, 1, { onStart: 'paused' });
  await paper.queue.start();
  const operations = createJobOperations({
    ...paper,
    logs: { read: () => Promise.resolve([]) },
    previews: createPreviews(join(folder, 'previews'), paper.store),
    plan: (request) => {
      const scene = sampleScene({ path: request.scene, warnings: ['A texture is missing.'] });
      return Promise.resolve({
        name: scene.name,
        engine: scene.engine,
        settings: planGltfJob(request, scene, folder),
        warnings: scene.warnings,
      });
    },
  });
  return {
    ...paper,
    operations,
    folder,
    request: (name) => ({
      scene: '/scenes/turntable.glb',
      frames: '1-3',
      width: 8,
      height: 6,
      output: join(folder, name, '####.png'),
    }),
  };
}

it('takes a job with its place in the queue and what is to be known of its scene', async () => {
  const { operations, request } = await makeOperations();
  const first = await operations['job.submit'](request('a'));
  const job = await operations['job.submit']({ ...request('b'), priority: 5, after: [first.id], startAt: null });
  expect(job).toMatchObject({
    state: 'queued',
    priority: 5,
    after: [first.id],
    warnings: ['A texture is missing.'],
    waitsFor: `job ${first.id} (turntable) to complete`,
  });
  expect(await operations['queue.get']({})).toMatchObject({ state: 'paused', reason: null });
});

it('lists jobs in queue order, by state, by page, and as a history', async () => {
  const { operations, request, seen } = await makeOperations();
  const ids: number[] = [];
  for (const name of ['a', 'b', 'c', 'd']) ids.push((await operations['job.submit'](request(name))).id);
  await operations['job.move']({ id: ids[3]!, before: ids[0]!, priority: 'keep' });
  await operations['job.cancel']({ id: ids[1]! });
  const listed = async (input: object): Promise<number[]> =>
    (await operations['job.list']({ order: 'queue', ...page, ...input })).jobs.map(({ id }) => id);
  expect(await listed({})).toEqual([4, 1, 2, 3]);
  expect(await listed({ states: ['queued'] })).toEqual([4, 1, 3]);
  expect(await listed({ offset: 1, limit: 2 })).toEqual([1, 2]);
  // A job's last frame may still be verified while the worker renders the next job: only what waits for a job ends after it.
  for (const [id, before] of [
    [1, 4],
    [3, 1],
  ] as const)
    await operations['job.edit']({ id, changes: { after: [before] } });
  await operations['queue.resume']({});
  await seen((event) => event.name === 'queue_idle' && event.seq > 20);
  expect(await listed({ order: 'finished' })).toEqual([3, 1, 4, 2]);
});

it('edits what a job is made of, and when its turn comes', async () => {
  const { operations, request, queue, ended } = await makeOperations();
  const { id } = await operations['job.submit']({ ...request('a'), priority: 1 });
  await operations['job.pause']({ id });
  const edited = await operations['job.edit']({
    id,
    changes: { frames: '2-5', order: 'every-2', samples: 3, priority: 7 },
  });
  expect(edited).toMatchObject({
    state: 'paused',
    priority: 7,
    frames: { total: 4 },
    settings: { frames: '2-5', order: 'every-2', samples: 3, width: 8, height: 6 },
  });
  expect((await operations['job.frames']({ id, offset: 0, limit: 100 })).map(({ frame }) => frame)).toEqual([
    2, 4, 3, 5,
  ]);
  await expect(operations['job.edit']({ id, changes: { camera: 'Nowhere' } })).rejects.toThrow(/no camera “Nowhere”/);
  await expect(operations['job.edit']({ id, changes: { after: [id] } })).rejects.toThrow(
    /wait for each other for ever/,
  );
  await operations['job.resume']({ id });
  queue.resumeAll();
  await ended(id);
  await expect(operations['job.edit']({ id, changes: { priority: 1 } })).rejects.toThrow(
    'Job 1 is completed: duplicate it, or requeue it, to render with other settings.',
  );
});

it('renders the whole clip after its frame rate was changed, and what was asked for otherwise', async () => {
  const { operations, request } = await makeOperations();
  const { frames: some, ...whole } = request('a');
  const one = await operations['job.submit'](whole);
  const other = await operations['job.submit']({ ...request('b'), frames: some });
  const edited = async ({ id }: Job): Promise<Job> => operations['job.edit']({ id, changes: { fps: 12 } });
  expect(await edited(one)).toMatchObject({ frames: { total: 24 }, settings: { frames: '1-24', width: 8, height: 6 } });
  expect(await edited(other)).toMatchObject({ frames: { total: 3 }, settings: { frames: '1-3' } });
});

it('adds up changes that come at once, where they are of different settings', async () => {
  const { operations, request } = await makeOperations();
  const [one, other] = [
    await operations['job.submit'](request('a')),
    await operations['job.submit'](request('b')),
  ] as const;
  const edit = (id: number, changes: JobChanges): Promise<Job> =>
    Promise.resolve(operations['job.edit']({ id, changes }));
  const edited = await Promise.allSettled([
    edit(one.id, { samples: 5 }),
    edit(one.id, { frames: '2-7' }),
    edit(other.id, { samples: 2 }),
    edit(one.id, { camera: 'Nowhere' }),
    edit(one.id, { width: 4, height: 2, priority: 3 }),
    edit(one.id, { samples: 9 }),
  ]);
  expect(edited.map(({ status }) => status)).toEqual([
    'fulfilled',
    'fulfilled',
    'fulfilled',
    'rejected',
    'fulfilled',
    'fulfilled',
  ]);
  expect(await operations['job.get']({ id: one.id })).toMatchObject({
    priority: 3,
    frames: { total: 6 },
    settings: { samples: 9, frames: '2-7', width: 4, height: 2 },
  });
  expect(await operations['job.get']({ id: other.id })).toMatchObject({ settings: { samples: 2, frames: '1-3' } });
});

it('knows what its output is a new version of, until it gets another one', async () => {
  const { operations, request, queue, ended, folder } = await makeOperations();
  queue.resumeAll();
  await ended((await operations['job.submit'](request('a'))).id);
  queue.pauseAll('now');
  const { id, settings } = await operations['job.submit']({ ...request('a'), samples: 2, newVersion: true });
  const versionOf = join(folder, 'a', '####.png');
  expect(settings).toMatchObject({ output: join(folder, 'a', 'v002', '####.png'), versionOf });
  const edited = async (changes: JobChanges): Promise<Job['settings']> =>
    (await operations['job.edit']({ id, changes })).settings;
  expect(await edited({ samples: 3 })).toMatchObject({ output: settings.output, versionOf });
  expect(await edited({ output: join(folder, 'b', '####.png') })).toMatchObject({ versionOf: null });
});

it('duplicates a job with its place', async () => {
  const { operations, request } = await makeOperations();
  const first = await operations['job.submit'](request('a'));
  const second = await operations['job.submit']({ ...request('b'), after: [first.id], priority: -3 });
  expect(await operations['job.duplicate']({ id: second.id })).toMatchObject({
    id: 3,
    state: 'queued',
    after: [first.id],
    priority: -3,
    settings: second.settings,
  });
});

it('tells of a frame while it is in work, and nothing of it before and after', async () => {
  const engine = paperEngine();
  const start = engine.startWorker.bind(engine);
  let asks = 0;
  let deliver: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => (deliver = resolve));
  let told: () => void = () => undefined;
  const second = new Promise<void>((resolve) => (told = resolve));
  const { operations, request, queue, ended } = await makeOperations({
    ...engine,
    async startWorker(setup) {
      const worker = await start(setup);
      return {
        ...worker,
        usage: () => Promise.resolve({ residentBytes: 5_000, cpuSeconds: 1 }),
        recentLines: () => Array.from({ length: 300 }, (_value, at) => `${at} ${'x'.repeat(9_000)}`),
        async render(asked, onProgress, signal) {
          if (++asks === 1) throw new FrameError('The first try is lost.', false);
          // The second is not an event of its own: it comes too soon. It is told all the same.
          onProgress({ sample: 3, samples: 64 });
          onProgress({ sample: 12, samples: 64, secondsLeft: 9, memoryBytes: 77 });
          told();
          await gate;
          return worker.render(asked, onProgress, signal);
        },
      };
    },
  } as typeof engine);
  const { id } = await operations['job.submit']({ ...request('a'), frames: '1' });
  const live = async (frame = 1) => operations['job.frameInWork']({ id, frame });
  expect(await live()).toBeNull();
  queue.resumeAll();
  await second;
  const known = (await live())!;
  expect(known).toMatchObject({ attempt: 2, sample: 12, samples: 64, secondsLeft: 9, memoryBytes: 5_000 });
  expect(known.seconds).toBeGreaterThanOrEqual(0);
  expect(known.lastSeconds).toBeGreaterThanOrEqual(0);
  expect(known.log).toHaveLength(100);
  expect(known.log.at(-1)).toMatch(/^299 x{496}$/);
  expect(await live(2)).toBeNull();
  deliver();
  await ended(id);
  expect(await live()).toBeNull();
  await expect(async () => operations['job.frameInWork']({ id: 9, frame: 1 })).rejects.toThrow('There is no job 9.');
});

it('says what deleting would delete, and deletes that', async () => {
  const { operations, request, queue, ended, folder } = await makeOperations();
  const { id } = await operations['job.submit'](request('a'));
  queue.resumeAll();
  await ended(id);
  writeFileSync(join(folder, 'a', '0002.png'), 'somebody else’s');
  const removal = await operations['job.removal']({ id });
  expect(removal.files).toEqual([join(folder, 'a', '0001.png'), join(folder, 'a', '0003.png')]);
  expect(removal.bytes).toBeGreaterThan(0);
  expect(await operations['job.remove']({ id, files: true })).toEqual({ filesDeleted: 2 });
  expect(readdirSync(join(folder, 'a'))).toEqual(['0002.png']);
  await expect(async () => operations['job.get']({ id })).rejects.toThrow('There is no job 1.');
  await expect(async () => operations['job.log']({ id })).rejects.toThrow('There is no job 1.');
});

it('renders a quick look into a place of its own, never among a job’s images, and takes it away again', async () => {
  const { operations, request, queue, ended, folder, store } = await makeOperations();
  queue.resumeAll();
  await ended((await operations['job.submit'](request('a'))).id);
  const look = async (): Promise<number> => {
    const { id, settings } = await operations['job.submit']({
      ...request('a'),
      frames: '1',
      samples: 2,
      preview: true,
    });
    expect(settings.output.startsWith(join(folder, 'previews'))).toBe(true);
    expect(await ended(id)).toMatchObject({ state: 'completed', frames: { done: 1 } });
    return id;
  };
  expect(await operations['job.plan']({ ...request('a'), samples: 2, preview: true })).toMatchObject({
    conflict: null,
  });
  const looks: number[] = [];
  for (let n = 0; n < 12; n++) looks.push(await look());
  expect(
    store
      .jobs()
      .filter(({ settings }) => settings.preview)
      .map(({ id }) => id),
  ).toEqual(looks.slice(1));
  expect(readdirSync(join(folder, 'previews'))).toHaveLength(11);
  const copy = await operations['job.duplicate']({ id: looks.at(-1)! });
  expect(copy.settings.output).not.toBe(store.settings(looks.at(-1)!).output);
  await ended(copy.id);
  await operations['job.remove']({ id: looks.at(-1)!, files: false });
  expect(readdirSync(join(folder, 'previews'))).toHaveLength(11);
  // What a host that was killed left behind.
  mkdirSync(join(folder, 'previews', 'left'));
  await createPreviews(join(folder, 'previews'), store).sweep();
  expect(existsSync(join(folder, 'previews', 'left'))).toBe(false);
  expect(readdirSync(join(folder, 'previews'))).toHaveLength(11);
  expect(readdirSync(join(folder, 'a'))).toEqual(['0001.png', '0002.png', '0003.png']);
});

it('plans what a request would lead to, and what is in its way', async () => {
  const { operations, request, queue, ended, folder } = await makeOperations();
  expect(await operations['job.plan'](request('a'))).toMatchObject({
    conflict: null,
    settings: { frames: '1-3' },
    frames: 3,
    there: 0,
    images: { first: join(folder, 'a', '0001.png'), last: join(folder, 'a', '0003.png') },
    warnings: ['A texture is missing.'],
    newVersion: join(folder, 'a', 'v002', '####.png'),
  });
  queue.resumeAll();
  await ended((await operations['job.submit'](request('a'))).id);
  expect(await operations['job.plan']({ ...request('a'), frames: '2-9' })).toMatchObject({ frames: 8, there: 2 });
  // What is documented and no more.
  expect((await operations['job.plan']({ ...request('a'), frames: '2-9', samples: 7 })).conflict).toEqual({
    frames: 2,
    job: 1,
    sentence: expect.stringMatching(/0002\.png is there already: job 1 rendered it with other settings/) as unknown,
  });
  expect(await operations['job.plan']({ ...request('a'), samples: 7, newVersion: true })).toMatchObject({
    conflict: null,
    settings: { output: join(folder, 'a', 'v002', '####.png') },
  });
  await expect(operations['job.submit']({ ...request('a'), samples: 7 })).rejects.toThrow(/--new-version/);
});

it('says at requeue and at edit what is in the way', async () => {
  const { operations, request, queue, ended, folder } = await makeOperations();
  queue.resumeAll();
  const { id } = await operations['job.submit'](request('a'));
  await ended(id);
  writeFileSync(join(folder, 'a', '0002.png'), makePng(8, 6, 99));
  await expect(operations['job.requeue']({ id, frames: 'all' })).rejects.toThrow(
    /0002\.png is there already: no job here rendered it\. Duplicate job 1 to render a new version beside them \(--new-version\), overwrite them \(--overwrite\), or take them as they are \(--keep-existing\)\.$/,
  );
  await expect(operations['job.duplicate']({ id })).rejects.toThrow(
    /is there already.*overwrite them \(--overwrite\), or take them as they are \(--keep-existing\)\.$/,
  );
  await expect(operations['job.duplicate']({ id, overwrite: true, newVersion: true })).rejects.toThrow(
    /exclude each other/,
  );
  queue.pauseAll('now');
  const copy = await operations['job.duplicate']({ id, newVersion: true });
  expect(copy.settings.output).toBe(join(folder, 'a', 'v002', '####.png'));
  queue.pauseAll('now');
  const other = await operations['job.submit'](request('b'));
  await expect(
    operations['job.edit']({ id: other.id, changes: { output: join(folder, 'a', '####.png'), samples: 9 } }),
  ).rejects.toThrow(/is there already/);
  expect(await operations['job.edit']({ id: other.id, changes: { overwrite: true } })).toMatchObject({
    settings: { overwrite: true },
  });
  expect(await operations['job.edit']({ id: other.id, changes: { keepExisting: true } })).toMatchObject({
    settings: { overwrite: false, keepExisting: true },
  });
  expect(
    await operations['job.edit']({
      id: other.id,
      changes: { output: join(folder, 'a', '####.png'), samples: 9, newVersion: true },
    }),
  ).toMatchObject({ settings: { output: join(folder, 'a', 'v003', '####.png') } });
});

it('lists jobs as they are rendered, and moves one to another priority only where that is asked for', async () => {
  const { operations, request, store, queue, seen, events } = await makeOperations();
  for (const [name, priority] of [
    ['a', 0],
    ['b', 5],
    ['c', 0],
    ['d', 5],
  ] as const)
    await operations['job.submit']({ ...request(name), priority });
  const listed = async (): Promise<number[]> =>
    (await operations['job.list']({ order: 'queue', ...page })).jobs.map(({ id }) => id);
  expect(await listed()).toEqual([2, 4, 1, 3]);
  await operations['job.move']({ id: 4, before: 2, priority: 'keep' });
  expect(await listed()).toEqual([4, 2, 1, 3]);
  await expect(async () => operations['job.move']({ id: 3, before: 4, priority: 'keep' })).rejects.toThrow(
    'Job 3 has the priority 0 and job 4 has 5: it would still be rendered after it. Give it that priority too (--take-priority), or move it among the jobs of its own.',
  );
  await expect(async () => operations['job.move']({ id: 4, before: 1, priority: 'keep' })).rejects.toThrow(
    /it is rendered before it anyway/,
  );
  expect(await operations['job.move']({ id: 3, before: 2, priority: 'take' })).toMatchObject({ priority: 5 });
  expect(await listed()).toEqual([4, 3, 2, 1]);
  expect(store.ranked(['paused'])).toEqual([]);
  await operations['job.move']({ id: 4, before: null, priority: 'keep' });
  expect(await listed()).toEqual([3, 2, 4, 1]);
  queue.resumeAll();
  await seen((event) => event.name === 'render_complete' && event.job?.id === 1);
  expect(events.filter(({ name }) => name === 'render_init').map(({ job }) => job!.id)).toEqual([3, 2, 4, 1]);
});

it('takes a cancelled job back to its old place, without what was rendered of it', async () => {
  const { operations, request } = await makeOperations();
  const ids: number[] = [];
  for (const name of ['a', 'b', 'c']) ids.push((await operations['job.submit'](request(name))).id);
  const before = await operations['job.get']({ id: ids[1]! });
  expect((await operations['job.cancel']({ id: ids[1]! })).state).toBe('cancelled');
  const back = await operations['job.requeue']({ id: ids[1]!, frames: 'remaining' });
  expect(back).toMatchObject({
    state: 'queued',
    position: before.position,
    priority: before.priority,
    frames: before.frames,
  });
  const open = await operations['job.list']({ ...page, states: ['queued'], order: 'queue' });
  expect(open.jobs.map(({ id }) => id)).toEqual(ids);
  // The window sorts by the same rule as the host runs.
  await operations['job.edit']({ id: ids[2]!, changes: { priority: 5 } });
  await operations['job.move']({ id: ids[1]!, before: ids[0]!, priority: 'keep' });
  const listed = await operations['job.list']({ ...page, order: 'queue' });
  expect(listed.jobs.map(({ id }) => id)).toEqual([ids[2], ids[1], ids[0]]);
  expect(jobTable(listed.jobs.toReversed()).open).toEqual([ids[2], ids[1], ids[0]]);
});

it('lets frames that stay done be worked on: only those that are rendered again must have a free place', async () => {
  let broken = true;
  const engine = paperEngine(({ frame }) => {
    if (frame === 3 && broken) throw new FrameError('a fault', false);
    return undefined;
  });
  const { operations, request, queue, ended, folder, seen } = await makeOperations(engine);
  queue.resumeAll();
  const { id } = await operations['job.submit']({ ...request('a'), attempts: 1, failureShare: 0.5 });
  expect((await ended(id)).frames).toMatchObject({ done: 2, failed: 1 });
  writeFileSync(join(folder, 'a', '0002.png'), makePng(8, 6, 99));
  broken = false;
  await operations['job.requeue']({ id, frames: 'failed' });
  await seen((event) => event.name === 'render_write' && event.frame === 3);
  expect(readFileSync(join(folder, 'a', '0002.png'))).toEqual(makePng(8, 6, 99));
});

it('gives a job a name and a note, also when it has ended, and a copy the same', async () => {
  const { operations, request } = await makeOperations();
  const { id } = await operations['job.submit']({ ...request('a'), name: 'Shot 12', note: 'For Tuesday.' });
  expect(operations['job.get']({ id })).toMatchObject({ name: 'Shot 12', note: 'For Tuesday.' });
  await operations['job.cancel']({ id });
  const edited = await operations['job.edit']({ id, changes: { name: 'Shot 12b', note: '' } });
  expect(edited).toMatchObject({ name: 'Shot 12b', note: '', state: 'cancelled', priority: 0 });
  await expect(operations['job.edit']({ id, changes: { note: 'x', priority: 3 } })).rejects.toThrow('is cancelled');
  expect(operations['job.get']({ id })).toMatchObject({ note: '', priority: 0 });
  expect(await operations['job.duplicate']({ id })).toMatchObject({ name: 'Shot 12b', state: 'queued' });
});

it('renders chosen frames again, and refuses what is no range', async () => {
  const { operations, request, store, queue } = await makeOperations();
  const { id } = await operations['job.submit'](request('a'));
  queue.resumeAll();
  await expect.poll(() => store.job(id)!.state).toBe('completed');
  await expect(operations['job.requeue']({ id, frames: 'some' })).rejects.toThrow('“some” is not a frame range');
  queue.pauseAll('now');
  const again = await operations['job.requeue']({ id, frames: '2-3' });
  expect(again).toMatchObject({ state: 'queued', frames: { done: 1, waiting: 2 } });
  queue.resumeAll();
  await expect.poll(() => store.job(id)!.state).toBe('completed');
  expect(store.frames.list(id).map(({ attempts }) => attempts)).toEqual([1, 1, 1]);
});
