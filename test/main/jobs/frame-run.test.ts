import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { FrameError } from '../../../src/main/engines/render-engine';
import type { ImageVerifier } from '../../../src/main/images/verify-image';
import { createActiveJob } from '../../../src/main/jobs/active-job';
import { createLifecycle } from '../../../src/main/events/lifecycle';
import { createAnnouncer } from '../../../src/main/jobs/announcer';
import { type Delivery, type Outcome, renderTry, verifyTry } from '../../../src/main/jobs/frame-run';
import type { Assignment } from '../../../src/main/jobs/frames-in-work';
import { JobSource } from '../../../src/main/jobs/job-source';
import type { Content } from '../../../src/main/jobs/output/fingerprint';
import { OccupiedError } from '../../../src/main/jobs/output/frame-output';
import { JobStore } from '../../../src/main/jobs/store/job-store';
import type { JobSettings } from '../../../src/shared/jobs';
import { type Script, paperEngine } from '../../helpers/paper-engine';
import { paperJob } from '../../helpers/paper-queue';
import { makePng } from '../../helpers/png';
import { temporaryFolder } from '../../helpers/temporary-folder';

const images: ImageVerifier = {
  verify: () => Promise.resolve(),
  inspect: () => Promise.resolve({ format: 'png', width: 8, height: 6 }),
};

/** A try of frame 1, and what its scene is made of. */
async function madeTry(script?: Script, change: Partial<JobSettings> = {}) {
  const folder = temporaryFolder();
  const store = new JobStore(folder);
  onTestFinished(() => store.close());
  const job = store.add(paperJob(folder, change));
  const scene = { version: 1 };
  const read = (): Promise<Content> =>
    Promise.resolve({
      fingerprint: `settings.${scene.version}`,
      sources: [{ path: job.settings.scene, bytes: 1, modifiedAt: scene.version }],
      whole: true,
    });
  const announcer = createAnnouncer({
    store,
    lifecycle: createLifecycle(() => expect.fail('an event went wrong')),
    listener: { job() {}, frame() {}, workers() {}, jobRemoved() {}, queue() {} },
    times: { workers: 1, frame() {}, forget() {}, queue: () => null } as never,
    pauseState: { info: () => ({ state: 'running', reason: null }) },
    workers: () => [],
  });
  const onFault = (error: unknown): never => expect.fail(String(error));
  const source = new JobSource({ jobId: job.id, store, announcer, read, saveInterval: 0, onFault });
  const active = createActiveJob(job.id, job.settings, source);
  const controller = new AbortController();
  const assignment: Assignment = {
    jobId: job.id,
    frame: 1,
    lease: 5,
    slot: 1,
    attempt: 1,
    machine: null,
    busyAtStart: 1,
    controller,
    workerDone: false,
    live: { worker: null, progress: null, lastSeconds: null },
  };
  const kept: string[][] = [];
  const tools = {
    store,
    images,
    onFault,
    logs: { keep: async (...of: unknown[]) => void kept.push(of[3] as string[]) },
  };
  const worker = await paperEngine(script).startWorker('');
  const image = join(folder, 'out', '0001.png');
  return {
    store,
    scene,
    active,
    controller,
    image,
    kept,
    left: () => (existsSync(dirname(image)) ? readdirSync(dirname(image)) : []),
    render: () => renderTry(assignment, active, worker, () => undefined, tools),
    async outcome(between: () => void | Promise<void> = () => undefined): Promise<Outcome> {
      const delivery = await renderTry(assignment, active, worker, () => undefined, tools);
      if (delivery.kind !== 'delivered') return delivery;
      await between();
      return verifyTry(delivery as Delivery, assignment, active, tools);
    },
  };
}

/** Somebody's image in the frame's place. */
async function putImage(image: string): Promise<void> {
  await mkdir(dirname(image), { recursive: true });
  writeFileSync(image, makePng(8, 6, 200));
}

describe('a try', () => {
  it('whose files are whole is ready beside its place, where nothing is yet, and its folder is gone', async () => {
    const { store, outcome, left, image } = await madeTry();
    const ready = await outcome();
    expect(ready).toMatchObject({
      kind: 'ready',
      cleared: true,
      fingerprint: 'settings.1',
      suspicion: null,
      warnings: [],
      files: [{ to: image, own: true }],
    });
    expect(left()).toEqual([`.framegauge-${store.notes.host}-job-1-frame-1-lease-5-copy-${basename(image)}`]);
  });

  it('that fails on its worker says why, keeps the log, and leaves nothing', async () => {
    const error = new FrameError('the camera is missing', true, 'render', ['line 1']);
    const { outcome, left, kept } = await madeTry(() => Promise.reject(error));
    expect(await outcome()).toEqual({ kind: 'failed', error });
    expect([left(), kept]).toEqual([[], [['line 1']]]);
  });

  it('whose file is damaged has failed, and leaves nothing', async () => {
    const { outcome, left } = await madeTry(() => ({ bytes: new Uint8Array(), seconds: 1, view: '_other' }));
    expect(await outcome()).toMatchObject({ kind: 'failed', error: { kind: 'image' } });
    expect(left()).toEqual([]);
  });

  it('that is given up while its worker has it leaves nothing', async () => {
    const { outcome, controller, left } = await madeTry(() => {
      controller.abort();
      return new Promise(() => undefined);
    });
    expect(await outcome()).toEqual({ kind: 'given-up' });
    expect(left()).toEqual([]);
  });

  it('that is given up after it was delivered leaves nothing', async () => {
    const { outcome, controller, left } = await madeTry();
    expect(await outcome(() => controller.abort())).toEqual({ kind: 'given-up' });
    expect(left()).toEqual([]);
  });
});

describe('a scene that changes while a frame is rendered', () => {
  it('makes that no frame twice, then one of which nobody knows what it shows', async () => {
    const made = await madeTry(() => {
      made.scene.version++;
      return undefined;
    });
    const { outcome, active, left } = made;
    for (const times of [0, 1]) {
      active.sourceChanges.set(1, times);
      expect(await outcome()).toEqual({ kind: 'source-changed' });
      expect(left()).toEqual([]);
    }
    active.sourceChanges.set(1, 2);
    expect(await outcome()).toMatchObject({
      kind: 'ready',
      fingerprint: null,
      warnings: [expect.stringMatching(/paper\.glb keeps changing while it is rendered/)],
    });
  });

  it('is no failure of a frame twice, as of one that was read while the scene was being saved', async () => {
    const error = new FrameError('the scene ends in the middle', true);
    const made = await madeTry(() => {
      made.scene.version++;
      return Promise.reject(error);
    });
    const { outcome, active, left } = made;
    expect(await outcome()).toEqual({ kind: 'source-changed' });
    active.sourceChanges.set(1, 2);
    expect(await outcome()).toEqual({ kind: 'failed', error });
    expect(left()).toEqual([]);
  });
});

describe('an image that has come to the frame’s place meanwhile', () => {
  it('is in the way where the job neither overwrites nor keeps it', async () => {
    const { outcome, image, left } = await madeTry();
    const failed = await outcome(() => putImage(image));
    expect(failed).toMatchObject({ kind: 'failed', error: expect.any(OccupiedError) as unknown });
    expect(left()).toEqual(['0001.png']);
  });

  it('is taken where the job keeps what is there', async () => {
    const { outcome, image, left } = await madeTry(undefined, { keepExisting: true });
    expect(await outcome(() => putImage(image))).toEqual({ kind: 'existing' });
    expect(left()).toEqual(['0001.png']);
  });

  it.each([
    ['the job overwrites', { overwrite: true }, false],
    ['it was known to be replaceable', {}, true],
  ])('is replaced where %s', async (_why, change, replaceable) => {
    const { outcome, image, active } = await madeTry(undefined, change);
    if (replaceable) active.replaceable.add(1);
    expect((await outcome(() => putImage(image))).kind).toBe('ready');
  });
});
