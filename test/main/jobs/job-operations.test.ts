import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type JobOperations, createJobOperations } from '../../../src/main/jobs/job-operations';
import { planJob } from '../../../src/main/jobs/planning/plan-job';
import { type PaperQueue, makeQueue } from '../../helpers/paper-queue';
import { paperEngine } from '../../helpers/paper-engine';
import { sampleScene } from '../../helpers/samples';
import { temporaryFolder } from '../../helpers/temporary-folder';

const page = { offset: 0, limit: 100 };

/** The operations over a queue that is paused until it is resumed. */
async function makeOperations(): Promise<
  PaperQueue & {
    operations: JobOperations;
    folder: string;
    request(name: string): { scene: string; frames: string; width: number; height: number; output: string };
  }
> {
  const folder = temporaryFolder();
  const paper = makeQueue(folder, paperEngine(), 1, { onStart: 'paused' });
  await paper.queue.start();
  const operations = createJobOperations({
    ...paper,
    logs: { read: () => Promise.resolve([]) },
    plan: (request) => {
      const scene = sampleScene({ path: request.scene, warnings: ['A texture is missing.'] });
      return Promise.resolve({
        name: scene.name,
        engine: scene.engine,
        settings: planJob(request, scene, folder),
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
  await operations['job.move']({ id: ids[3]!, before: ids[0]! });
  await operations['job.cancel']({ id: ids[1]! });
  const listed = async (input: object): Promise<number[]> =>
    (await operations['job.list']({ order: 'queue', ...page, ...input })).jobs.map(({ id }) => id);
  expect(await listed({})).toEqual([4, 1, 2, 3]);
  expect(await listed({ states: ['queued'] })).toEqual([4, 1, 3]);
  expect(await listed({ offset: 1, limit: 2 })).toEqual([1, 2]);
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
  expect((await operations['job.frames']({ id, offset: 0 })).map(({ frame }) => frame)).toEqual([2, 4, 3, 5]);
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
