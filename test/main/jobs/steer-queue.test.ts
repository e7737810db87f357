import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { FrameError } from '../../../src/main/engines/render-engine';
import { JobStore } from '../../../src/main/jobs/store/job-store';
import { deleteFiles, unchangedFiles } from '../../../src/main/jobs/output/delete-output';
import type { QueueInfo } from '../../../src/shared/jobs';
import { needs } from '../../helpers/needs';
import { paperEngine } from '../../helpers/paper-engine';
import { makeQueue, paperJob, story } from '../../helpers/paper-queue';
import { makePng } from '../../helpers/png';
import { smallDisk } from '../../helpers/small-disk';
import { temporaryFolder } from '../../helpers/temporary-folder';

/** An engine whose frames wait at a gate until they are let through. */
function gatedEngine(gated: (frame: number) => boolean = () => true): {
  engine: ReturnType<typeof paperEngine>;
  open: () => void;
} {
  let open: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => (open = resolve));
  const engine = paperEngine(async ({ frame }) => {
    if (gated(frame)) await gate;
    return undefined;
  });
  return { engine, open };
}

describe('several files of a frame', () => {
  const stereo = (folder: string): ReturnType<typeof paperJob> =>
    paperJob(folder, { views: ['_L', '_R'], frames: '1-2' });

  it('all get into their places before the frame is done', async () => {
    const folder = temporaryFolder();
    const depth = join(folder, 'passes', 'depth.png');
    const engine = paperEngine(() => ({
      bytes: makePng(8, 6, 1),
      seconds: 1,
      view: '_L',
      warnings: ['A texture is missing.'],
      more: [
        { target: { view: '_R' }, bytes: makePng(8, 6, 2) },
        { target: { file: depth }, bytes: makePng(2, 2, 3) },
      ],
    }));
    const { queue, store, ended } = makeQueue(folder, engine);
    await queue.start();
    const { id } = await queue.submit(stereo(folder));
    expect(await ended(id)).toMatchObject({ state: 'completed', warnings: ['A texture is missing.'] });
    expect(readdirSync(join(folder, 'out'))).toEqual(['0001_L.png', '0001_R.png', '0002_L.png', '0002_R.png']);
    expect(store.frames.get(id, 1)).toMatchObject({
      file: join(folder, 'out', '0001_L.png'),
      files: [join(folder, 'out', '0001_L.png'), join(folder, 'out', '0001_R.png'), depth],
    });
    expect(existsSync(depth)).toBe(true);
  });

  it('fail together when one of them is missing', async () => {
    const folder = temporaryFolder();
    const { queue, ended, close } = makeQueue(
      folder,
      paperEngine(() => ({ bytes: makePng(8, 6, 1), seconds: 1, view: '_L' })),
    );
    await queue.start();
    const { id } = await queue.submit(stereo(folder));
    expect((await ended(id)).reason).toMatch(/frame 1: The worker delivered no image of the view “_R”\./);
    await close();
    expect(readdirSync(join(folder, 'out'))).toEqual([]);
  });

  it('of which a killed host placed some are rendered again, over what it placed', async () => {
    const folder = temporaryFolder();
    const before = new JobStore(folder);
    const job = before.add(stereo(folder));
    before.setState(job.id, 'rendering', null);
    mkdirSync(join(folder, 'out'));
    const held = { jobId: job.id, frame: 1, lease: before.tries.start(job.id, 1).lease };
    writeFileSync(join(folder, 'out', '0001_L.png'), makePng(8, 6, 9));
    const { size, mtimeMs } = statSync(join(folder, 'out', '0001_L.png'));
    before.tries.writeJournal(held, {
      files: [{ path: join(folder, 'out', '0001_L.png'), bytes: size, modifiedAt: mtimeMs }],
      fingerprint: null,
    });
    before.close();
    const engine = paperEngine(() => ({
      bytes: makePng(8, 6, 1),
      seconds: 1,
      view: '_L',
      more: [{ target: { view: '_R' }, bytes: makePng(8, 6, 2) }],
    }));
    const { queue, ended } = makeQueue(folder, engine);
    await queue.start();
    expect(await ended(job.id)).toMatchObject({ state: 'completed', frames: { done: 2 } });
    expect(readFileSync(join(folder, 'out', '0001_L.png'))).toEqual(makePng(8, 6, 1));
  });
});

describe('further files that a scene asks for', () => {
  /** Frames whose scene asks for a file beside their image: what a person had there is photo-2. */
  function withFurther(
    more: Partial<Parameters<typeof paperJob>[1]> = {},
    nameOf = (frame: number): string => `photo-${frame}.png`,
  ) {
    const folder = temporaryFolder();
    const photo = (frame: number): string => join(folder, nameOf(frame));
    const shades = { image: 1, further: 2 };
    const engine = paperEngine(({ frame }) => ({
      bytes: makePng(8, 6, shades.image),
      seconds: 1,
      more: [{ target: { file: photo(frame) }, bytes: makePng(3, 3, shades.further) }],
    }));
    return { ...makeQueue(folder, engine), folder, photo, shades, job: () => paperJob(folder, more) };
  }

  it('keep off what somebody else put there, and the job and the frame say which', async () => {
    const { queue, store, ended, photo, job } = withFurther();
    writeFileSync(photo(2), 'holiday');
    await queue.start();
    const { id } = await queue.submit(job());
    const sentence = `The scene asks for the file ${photo(2)}, where a file lies that this job did not write: it was kept, and the frame’s is missing. Move it away, or let the job overwrite, and render the frame again.`;
    expect(await ended(id)).toMatchObject({
      state: 'completed',
      frames: { done: 3 },
      warnings: [sentence],
      reason: expect.stringContaining(sentence),
    });
    expect(readFileSync(photo(2), 'utf8')).toBe('holiday');
    expect(readFileSync(photo(3))).toEqual(makePng(3, 3, 2));
    expect(store.frames.get(id, 2)).toMatchObject({
      suspicion: sentence,
      files: [expect.stringMatching(/0002\.png$/)],
    });
  });

  it('go over it where the job may overwrite', async () => {
    const { queue, ended, photo, job } = withFurther({ overwrite: true });
    writeFileSync(photo(2), 'holiday');
    await queue.start();
    const { id } = await queue.submit(job());
    expect(await ended(id)).toMatchObject({ state: 'completed', warnings: [] });
    expect(readFileSync(photo(2))).toEqual(makePng(3, 3, 2));
  });

  it('go over the job’s own when it is rendered again, unless somebody changed them', async () => {
    const { queue, ended, seen, photo, shades, job } = withFurther();
    await queue.start();
    const { id } = await queue.submit(job());
    await ended(id);
    shades.further = 9;
    writeFileSync(photo(3), 'painted over');
    queue.requeue(id, 'all');
    await seen((event) => event.name === 'job_state' && event.reason !== undefined && event.reason.includes('photo-3'));
    expect(readFileSync(photo(1))).toEqual(makePng(3, 3, 9));
    expect(readFileSync(photo(3), 'utf8')).toBe('painted over');
  });

  it('of several frames may have one place', async () => {
    const { queue, ended, photo, job } = withFurther({}, () => 'last.png');
    await queue.start();
    const { id } = await queue.submit(job());
    expect(await ended(id)).toMatchObject({ state: 'completed', warnings: [] });
    expect(readFileSync(photo(1))).toEqual(makePng(3, 3, 2));
  });

  it('that a killed host placed are the job’s own', async () => {
    const { queue, store, ended, photo, job } = withFurther();
    const added = store.add(job());
    store.setState(added.id, 'rendering', null);
    const held = { jobId: added.id, frame: 1, lease: store.tries.start(added.id, 1).lease };
    writeFileSync(photo(1), makePng(3, 3, 5));
    const { size, mtimeMs } = statSync(photo(1));
    store.tries.writeJournal(held, {
      files: [{ path: photo(1), bytes: size, modifiedAt: mtimeMs }],
      fingerprint: null,
    });
    await queue.start();
    expect(await ended(added.id)).toMatchObject({ state: 'completed', warnings: [] });
    expect(readFileSync(photo(1))).toEqual(makePng(3, 3, 2));
  });

  it('are not for a quick look', async () => {
    const { queue, ended, photo, job } = withFurther({ preview: true, overwrite: true });
    writeFileSync(photo(2), 'holiday');
    await queue.start();
    const { id } = await queue.submit(job());
    expect(await ended(id)).toMatchObject({ state: 'completed' });
    expect(readFileSync(photo(2), 'utf8')).toBe('holiday');
    expect(existsSync(photo(1))).toBe(false);
  });
});

describe('a job', () => {
  it('that is paused gives up its frame, begins no other, and goes on when it is resumed', async () => {
    const folder = temporaryFolder();
    const { engine, open } = gatedEngine((frame) => frame === 2);
    const { queue, store, events, seen, ended } = makeQueue(folder, engine);
    await queue.start();
    const { id } = await queue.submit(paperJob(folder));
    await seen((event) => event.name === 'render_pre' && event.frame === 2);
    await seen((event) => event.name === 'render_write' && event.frame === 1);
    expect(queue.pause(id)).toMatchObject({
      state: 'paused',
      reason: 'paused by the user',
      frames: { rendering: 0, waiting: 2, done: 1 },
    });
    expect(store.frames.get(id, 2)).toMatchObject({ state: 'waiting' });
    open();
    queue.resume(id);
    expect(await ended(id)).toMatchObject({ state: 'completed', frames: { done: 3 } });
    expect(story(events, id).filter((entry) => entry === 'init')).toHaveLength(1);
    expect(story(events, id).at(-1)).toBe('complete');
    expect(() => queue.resume(id)).toThrow(/only a paused job can be resumed/);
    expect(() => queue.pause(id)).toThrow(/Job 1 is completed: only a job that is queued or rendering can be paused\./);
  });

  it('can be rendered again, over its own images and nobody else’s', async () => {
    const folder = temporaryFolder();
    let shade = 1;
    const { queue, store, ended, seen } = makeQueue(
      folder,
      paperEngine(() => ({ bytes: makePng(8, 6, shade), seconds: 1 })),
    );
    await queue.start();
    mkdirSync(join(folder, 'out'));
    writeFileSync(join(folder, 'out', '0002.png'), makePng(8, 6, 99));
    const { id } = await queue.submit(paperJob(folder, { keepExisting: true }));
    expect((await ended(id)).frames).toMatchObject({ done: 2, skipped: 1 });
    expect(() => queue.requeue(id, 'failed')).toThrow(/No frame of job 1 failed/);
    shade = 2;
    // Somebody worked on one of them.
    writeFileSync(join(folder, 'out', '0003.png'), makePng(8, 6, 77));
    const again = seen(
      (event) =>
        event.name === 'job_state' &&
        event.job?.state === 'completed' &&
        store.frames.get(id, 1)?.attempts === 1 &&
        readFileSync(join(folder, 'out', '0001.png')).equals(makePng(8, 6, 2)),
    );
    queue.requeue(id, 'all');
    await again;
    expect(store.job(id)).toMatchObject({ state: 'completed', frames: { done: 1, skipped: 2 } });
    expect(readFileSync(join(folder, 'out', '0002.png'))).toEqual(makePng(8, 6, 99));
    expect(readFileSync(join(folder, 'out', '0003.png'))).toEqual(makePng(8, 6, 77));
  });

  it('renders only its failed frames again when that is asked for', async () => {
    const folder = temporaryFolder();
    let broken = true;
    const engine = paperEngine(({ frame }) => {
      if (frame === 2 && broken) throw new FrameError('a fault', false);
      return undefined;
    });
    const { queue, store, events, ended, seen } = makeQueue(folder, engine);
    await queue.start();
    const { id } = await queue.submit(paperJob(folder, { failureShare: 0.5, attempts: 2 }));
    expect(await ended(id)).toMatchObject({ state: 'completed', reason: '1 of 3 frames failed; frame 2: a fault' });
    broken = false;
    const told = events.length;
    queue.requeue(id, 'failed');
    await seen((event) => event.name === 'render_complete' && event.seq > told);
    expect(store.job(id)).toMatchObject({ state: 'completed', reason: null, frames: { done: 3, failed: 0 } });
    expect(story(events.slice(told), id)).toEqual(['init', 'pre 2', 'post 2', 'write 2', 'complete']);
  });

  it('keeps what is done when its range changes, and renders anew what would look otherwise', async () => {
    const folder = temporaryFolder();
    const { engine, open } = gatedEngine((frame) => frame === 3);
    const { queue, store, ended, seen } = makeQueue(folder, engine);
    await queue.start();
    const job = paperJob(folder, { frames: '1-4' });
    const { id } = await queue.submit(job);
    await seen((event) => event.name === 'render_pre' && event.frame === 3);
    await seen((event) => event.name === 'render_write' && event.frame === 2);
    expect(() => queue.setSettings(id, job.settings, 'none')).toThrow(
      'Job 1 is rendering: pause it before its settings are changed.',
    );
    queue.pause(id);
    expect(queue.setSettings(id, { ...job.settings, frames: '2-6', order: 'middle-out' }, 'none')).toMatchObject({
      state: 'paused',
      frames: { total: 5, done: 1, waiting: 4 },
    });
    expect(store.frames.list(id).map(({ frame }) => frame)).toEqual([4, 5, 3, 6, 2]);
    expect(queue.setSettings(id, { ...job.settings, frames: '2-5', samples: 2 }, 'images').frames).toMatchObject({
      total: 4,
      waiting: 4,
    });
    open();
    queue.resume(id);
    expect(await ended(id)).toMatchObject({ state: 'completed', frames: { done: 4, skipped: 0 } });
  });

  it('that is removed can take along its images, but none that were changed', async () => {
    const folder = temporaryFolder();
    const { queue, store, ended } = makeQueue(folder, paperEngine());
    await queue.start();
    const { id } = await queue.submit(paperJob(folder));
    await ended(id);
    const changed = join(folder, 'out', '0002.png');
    const { atime, mtimeMs } = statSync(changed);
    utimesSync(changed, atime, new Date(mtimeMs + 1_000));
    const files = await unchangedFiles(store.frames.stamps(id));
    expect(files.map(({ path }) => path)).toEqual([join(folder, 'out', '0001.png'), join(folder, 'out', '0003.png')]);
    queue.remove(id);
    expect(await deleteFiles(files)).toBe(2);
    expect(readdirSync(join(folder, 'out'))).toEqual(['0002.png']);
    expect(store.job(id)).toBeNull();
  });
});

describe('the order of jobs', () => {
  /** @returns ids in the order in which jobs began */
  const begun = (events: readonly { name: string; job?: { id: number } | undefined }[]): number[] =>
    events.filter(({ name }) => name === 'render_init').map(({ job }) => job!.id);

  it('follows priority, then the queue, which can be rearranged', async () => {
    const folder = temporaryFolder();
    const { queue, store, events, seen, close } = makeQueue(folder, paperEngine());
    const add = async (name: string, priority = 0): Promise<number> =>
      (await queue.submit({ ...paperJob(folder, { frames: '1', output: join(folder, name, '####.png') }), priority }))
        .id;
    const [a, b, c, d] = [await add('a'), await add('b'), await add('c'), await add('d', 5)];
    queue.move(c, a);
    queue.move(a, null);
    expect(store.jobs().map(({ id }) => id)).toEqual([c, b, d, a]);
    await queue.start();
    await seen((event) => event.name === 'queue_idle');
    expect(begun(events)).toEqual([d, c, b, a]);
    await close();
    const again = new JobStore(folder);
    expect(again.jobs().map(({ id }) => id)).toEqual([c, b, d, a]);
    again.close();
  });

  it('gives every job another place, and says so, where the gap between two has become too narrow', () => {
    const store = new JobStore(temporaryFolder());
    onTestFinished(() => store.close());
    const [a, b, c] = ['a', 'b', 'c'].map((name) => store.add({ ...paperJob('/paper'), name }).id) as [
      number,
      number,
      number,
    ];
    let placed = store.move(c, b);
    // Each of the last two goes before the other in turn: the gap behind the first one halves every time.
    for (let turn = 0; placed.length === 1 && turn < 100; turn++)
      placed = turn % 2 === 0 ? store.move(b, c) : store.move(c, b);
    expect(placed.map(({ id }) => id).sort()).toEqual([a, b, c]);
    expect(placed.map(({ position }) => position)).toEqual([1, 2, 3]);
    expect(store.jobs()).toEqual(placed);
  });

  it('keeps to what comes after what, and says what a job waits for', async () => {
    const folder = temporaryFolder();
    const { engine, open } = gatedEngine();
    const { queue, store, events, seen } = makeQueue(folder, engine, 2);
    await queue.start();
    const job = (name: string): ReturnType<typeof paperJob> => ({
      ...paperJob(folder, { frames: '1', output: join(folder, name, '####.png') }),
      name,
    });
    const first = await queue.submit(job('first'));
    const second = await queue.submit({ ...job('second'), after: [first.id] });
    expect(second).toMatchObject({ state: 'queued', waitsFor: `job ${first.id} (first) to complete` });
    await expect(queue.submit({ ...job('third'), after: [99] })).rejects.toThrow(
      'There is no job 99 that this one could come after.',
    );
    expect(() => queue.setSchedule(first.id, { after: [second.id] })).toThrow(
      /would wait for each other for ever: 1 → 2 → 1\./,
    );
    queue.cancel(first.id);
    expect(store.job(second.id)?.waitsFor).toMatch(/^job 1 \(first\), which was cancelled: requeue it/);
    open();
    queue.requeue(first.id, 'failed');
    await seen((event) => event.name === 'render_complete' && event.job?.id === second.id);
    expect(begun(events)).toEqual([first.id, first.id, second.id]);
  });

  it('keeps a job back until its start time', async () => {
    const folder = temporaryFolder();
    const { queue, events, ended } = makeQueue(folder, paperEngine());
    await queue.start();
    const startAt = Date.now() + 300;
    const { id, waitsFor } = await queue.submit({ ...paperJob(folder), startAt });
    expect(waitsFor).toMatch(/^its start time, \d{4}-\d\d-\d\d \d\d:\d\d$/);
    await ended(id);
    expect(events.find((event) => event.name === 'render_init')!.time).toBeGreaterThanOrEqual(startAt);
  });
});

describe('the whole queue', () => {
  /** The states that were told; one is told again when its time left has changed. */
  const statesOf = (told: readonly QueueInfo[]): string[] =>
    told.map(({ state }) => state).filter((state, at, all) => state !== all[at - 1]);

  it('paused at once gives up the frames in work, and goes on with them', async () => {
    const folder = temporaryFolder();
    const { engine, open } = gatedEngine();
    const { queue, store, events, told, seen, ended } = makeQueue(folder, engine);
    await queue.start();
    const { id } = await queue.submit(paperJob(folder));
    await seen((event) => event.name === 'render_pre');
    expect(queue.pauseAll('now')).toMatchObject({ state: 'paused', reason: null });
    expect(store.job(id)).toMatchObject({ state: 'queued', frames: { rendering: 0, waiting: 3 } });
    open();
    expect(queue.resumeAll()).toMatchObject({ state: 'running' });
    expect((await ended(id)).frames.done).toBe(3);
    expect(statesOf(told)).toEqual(['paused', 'running']);
    expect(story(events, id).filter((entry) => entry === 'init')).toHaveLength(1);
  });

  it('paused after the frame lets the frame in work end', async () => {
    const folder = temporaryFolder();
    const { engine, open } = gatedEngine();
    const { queue, store, told, seen } = makeQueue(folder, engine);
    await queue.start();
    const { id } = await queue.submit(paperJob(folder));
    await seen((event) => event.name === 'render_pre');
    expect(queue.pauseAll('frame').state).toBe('after-frame');
    open();
    await seen((event) => event.name === 'job_state' && event.job?.state === 'queued');
    expect(store.job(id)).toMatchObject({ state: 'queued', frames: { done: 1, waiting: 2 } });
    expect(statesOf(told)).toEqual(['after-frame', 'paused']);
  });

  it('paused after the job lets the job in work end, and begins no other', async () => {
    const folder = temporaryFolder();
    const { engine, open } = gatedEngine();
    const { queue, store, told, seen } = makeQueue(folder, engine);
    await queue.start();
    const first = await queue.submit(paperJob(folder));
    const second = await queue.submit(paperJob(folder, { output: join(folder, 'second', '####.png') }));
    await seen((event) => event.name === 'render_pre');
    queue.pauseAll('job');
    open();
    await seen((event) => event.name === 'render_complete' && event.job?.id === first.id);
    expect(store.job(second.id)).toMatchObject({ state: 'queued', startedAt: null });
    expect(statesOf(told)).toEqual(['after-job', 'paused']);
  });

  it.each([
    ['run', 'running'],
    ['last', 'paused'],
    ['paused', 'paused'],
  ] as const)('that was paused is, with “%s”, %s at the next start', async (onStart, state) => {
    const folder = temporaryFolder();
    const before = makeQueue(folder, paperEngine());
    await before.queue.start();
    before.queue.pauseAll('now');
    await before.close();
    const { queue } = makeQueue(folder, paperEngine(), 1, { onStart });
    await queue.start();
    expect(queue.info().state).toBe(state);
  });

  it('held up says why, and goes on when it is released', async () => {
    const folder = temporaryFolder();
    const { queue, store, ended } = makeQueue(folder, paperEngine());
    await queue.start();
    queue.hold('Less than 1 GB is free where images go.');
    const { id } = await queue.submit(paperJob(folder));
    expect(queue.info()).toMatchObject({ state: 'paused', reason: 'Less than 1 GB is free where images go.' });
    expect(store.job(id)?.state).toBe('queued');
    queue.release();
    expect((await ended(id)).state).toBe('completed');
  });

  it('waits with a frame for which the disk is full, which costs no try', async () => {
    const folder = temporaryFolder();
    let full = true;
    const engine = paperEngine(({ frame }) => {
      if (frame === 2 && full)
        throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
      return undefined;
    });
    const { queue, store, told, seen, ended } = makeQueue(folder, engine);
    await queue.start();
    const { id } = await queue.submit(paperJob(folder, { attempts: 1 }));
    await seen((event) => event.name === 'job_state' && event.job?.state === 'queued');
    expect(told.at(-1)).toMatchObject({ state: 'paused', reason: expect.stringMatching(/no space left/) as unknown });
    expect(store.frames.get(id, 2)).toMatchObject({ state: 'waiting', reason: null });
    full = false;
    queue.release('full');
    expect(await ended(id)).toMatchObject({ state: 'completed', frames: { done: 3, failed: 0 } });
  });
});

needs.smallDisk('a disk that is full while an engine writes there itself', () => {
  it('costs no try, whatever the engine says of it', async () => {
    const disk = await smallDisk(1);
    const filler = join(disk, 'filler');
    const engine = paperEngine(({ frame }) => {
      if (frame !== 2 || existsSync(join(disk, 'emptied'))) return undefined;
      try {
        writeFileSync(filler, Buffer.alloc(2 << 20));
      } catch {
        // As full as it gets.
      }
      throw new FrameError('Render error: cannot save', false, 'output');
    });
    const { queue, store, told, seen, ended } = makeQueue(temporaryFolder(), engine);
    await queue.start();
    const { id } = await queue.submit(paperJob(disk, { attempts: 1 }));
    await seen((event) => event.name === 'job_state' && event.job?.state === 'queued');
    expect(told.at(-1)).toMatchObject({
      state: 'paused',
      reason: expect.stringMatching(/no space is left/) as unknown,
    });
    expect(store.frames.get(id, 2)).toMatchObject({ state: 'waiting', reason: null });
    rmSync(filler);
    writeFileSync(join(disk, 'emptied'), '');
    queue.release('full');
    expect(await ended(id)).toMatchObject({ state: 'completed', frames: { done: 3, failed: 0 } });
  });
});

describe('a frame that failed', () => {
  it('is tried by another worker where there is one', async () => {
    const folder = temporaryFolder();
    const tried: number[] = [];
    const engine = paperEngine(({ frame }, worker) => {
      if (frame !== 3) return undefined;
      tried.push(worker.number);
      if (tried.length === 1) throw new FrameError('a fault of this worker', false);
      return undefined;
    });
    const { queue, ended } = makeQueue(folder, engine, 2);
    await queue.start();
    const { id } = await queue.submit(paperJob(folder, { frames: '1-12' }));
    expect((await ended(id)).state).toBe('completed');
    expect(tried).toHaveLength(2);
    expect(tried[0]).not.toBe(tried[1]);
  });

  it('with others in a row lets the worker rest, visibly', async () => {
    const folder = temporaryFolder();
    let down = true;
    let written: Promise<unknown> = Promise.resolve();
    const engine = paperEngine(async ({ frame }) => {
      if (frame > 2) await written;
      if (frame > 2 && down) throw new FrameError('the network drive is away', false);
      return undefined;
    });
    const { queue, events, seen, ended } = makeQueue(folder, engine, 1, { firstBackoff: 20 });
    written = seen((event) => event.name === 'render_write' && event.frame === 2);
    await queue.start();
    const { id } = await queue.submit(paperJob(folder, { frames: '1-6', attempts: 1, failureShare: 1 }));
    const resting = await seen((event) => event.name === 'worker_state' && event.state === 'resting');
    expect(resting.reason).toBe('backs off for 0.02 s: its frames keep failing: the network drive is away');
    down = false;
    expect(await ended(id)).toMatchObject({ state: 'completed' });
    expect(events.filter(({ name }) => name === 'frame_failed').map(({ frame, reason }) => [frame, reason])).toEqual([
      [3, 'the network drive is away'],
      [4, 'the network drive is away'],
    ]);
    expect(
      events.filter((event) => event.name === 'worker_state' && event.reason === 'its backoff is over'),
    ).toHaveLength(1);
  });
});

describe('a database that cannot be written', () => {
  it('holds the queue up, and loses neither the frame nor its image', async () => {
    const folder = temporaryFolder();
    const faults: unknown[] = [];
    const { queue, store, told, ended } = makeQueue(folder, paperEngine(), 1, {
      onFault: (error) => void faults.push(error),
      writeRetry: 20,
    });
    const done = store.tries.done.bind(store.tries);
    store.tries.done = (held, written) => {
      if (held.frame === 2 && faults.length === 0) throw new Error('database or disk is full');
      return done(held, written);
    };
    await queue.start();
    const { id } = await queue.submit(paperJob(folder));
    expect(await ended(id)).toMatchObject({ state: 'completed', frames: { done: 3, rendering: 0 } });
    expect(store.frames.get(id, 2)).toMatchObject({ state: 'done', attempts: 1 });
    expect(faults).toHaveLength(1);
    expect(
      told.some(
        ({ state, reason }) =>
          state === 'paused' && /could not be written to its database \(database or disk is full\)/.test(reason ?? ''),
      ),
    ).toBe(true);
  });
});
