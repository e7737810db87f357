import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { FrameError } from '../../../src/main/engines/render-engine';
import { verifyPng } from '../../../src/main/images/verify-image';
import { frameFolder } from '../../../src/main/jobs/output/frame-folder';
import { JobStore } from '../../../src/main/jobs/store/job-store';
import { UserError } from '../../../src/shared/user-error';
import { paperEngine } from '../../helpers/paper-engine';
import { makeQueue, paperJob, story } from '../../helpers/paper-queue';
import { makePng } from '../../helpers/png';
import { temporaryFolder } from '../../helpers/temporary-folder';

describe('a job', () => {
  it('fires what Blender fires for an animation, and leaves its images and nothing else', async () => {
    const folder = temporaryFolder();
    const { queue, events, ended, counters } = makeQueue(folder, paperEngine());
    await queue.start();
    const { id } = await queue.submit(paperJob(folder));
    const job = await ended(id);
    expect(job).toMatchObject({
      state: 'completed',
      frames: { total: 3, done: 3, failed: 0, skipped: 0, waiting: 0, rendering: 0 },
      lastFrame: expect.any(Number) as unknown,
    });
    const all = story(events, id);
    expect([all[0], all.at(-1)]).toEqual(['init', 'complete']);
    for (const frame of [1, 2, 3])
      expect(all.filter((entry) => entry.endsWith(` ${frame}`))).toEqual([
        `pre ${frame}`,
        `post ${frame}`,
        `write ${frame}`,
      ]);
    expect(readdirSync(join(folder, 'out'))).toEqual(['0001.png', '0002.png', '0003.png']);
    expect(events.map((event) => event.seq)).toEqual(events.map((_event, index) => index + 1));
    expect(counters.totals()).toMatchObject({
      jobs: { completed: 1 },
      engines: { gltf: { rendered: 3, retried: 0 } },
      slots: { 1: { frames: 3, errors: 0 } },
    });
    expect(counters.totals().engines.gltf?.frameSeconds.counts.reduce((sum, count) => sum + count, 0)).toBe(3);
  });

  it('writes an image before it tells of it', async () => {
    const folder = temporaryFolder();
    const { queue, store, seen } = makeQueue(folder, paperEngine());
    let there = false;
    let marked = '';
    void seen((event) => {
      if (event.name !== 'render_write') return false;
      there = existsSync(event.file!);
      marked = store.frames.get(event.job!.id, event.frame!)!.state;
      return true;
    });
    await queue.start();
    const { id } = await queue.submit(paperJob(folder, { frames: '1' }));
    await seen((event) => event.name === 'render_complete' && event.job?.id === id);
    expect([there, marked]).toEqual([true, 'done']);
  });

  it('whose frames all exist fires init and complete only, and starts no worker', async () => {
    const folder = temporaryFolder();
    const engine = paperEngine();
    const { queue, events, ended } = makeQueue(folder, engine);
    await queue.start();
    mkdirSync(join(folder, 'out'));
    for (const frame of [1, 2, 3]) writeFileSync(join(folder, 'out', `000${frame}.png`), makePng(8, 6));
    const { id } = await queue.submit(paperJob(folder, { keepExisting: true }));
    expect(await ended(id)).toMatchObject({ state: 'completed', frames: { skipped: 3, done: 0 } });
    expect(story(events, id)).toEqual(['init', 'complete']);
    expect(engine.started).toEqual([]);
  });

  it('renders a frame again whose file is cut short, and keeps whole ones', async () => {
    const folder = temporaryFolder();
    const { queue, ended } = makeQueue(folder, paperEngine());
    await queue.start();
    mkdirSync(join(folder, 'out'));
    const whole = makePng(8, 6, 200);
    writeFileSync(join(folder, 'out', '0001.png'), whole);
    writeFileSync(join(folder, 'out', '0002.png'), whole.subarray(0, whole.length - 20));
    const { id } = await queue.submit(paperJob(folder, { keepExisting: true }));
    expect(await ended(id)).toMatchObject({ state: 'completed', frames: { skipped: 1, done: 2 } });
    expect(readFileSync(join(folder, 'out', '0001.png'))).toEqual(whole);
    await verifyPng(readFileSync(join(folder, 'out', '0002.png')), 8, 6);
  });

  it('never touches an image of another size without being told to overwrite', async () => {
    const folder = temporaryFolder();
    const { queue, ended } = makeQueue(folder, paperEngine());
    await queue.start();
    mkdirSync(join(folder, 'out'));
    const other = makePng(20, 10);
    writeFileSync(join(folder, 'out', '0002.png'), other);
    const sentence =
      /0002\.png is there already with 20×10 pixels, and this job renders 8×6\. Render a new version beside them \(--new-version\), overwrite them/;
    await expect(queue.submit(paperJob(folder))).rejects.toThrow(sentence);
    await expect(queue.submit(paperJob(folder, { keepExisting: true }))).rejects.toThrow(sentence);
    expect(readFileSync(join(folder, 'out', '0002.png'))).toEqual(other);
    const forced = await queue.submit(paperJob(folder, { overwrite: true }));
    expect((await ended(forced.id)).frames.done).toBe(3);
    await verifyPng(readFileSync(join(folder, 'out', '0002.png')), 8, 6);
  });

  it('uses several workers at once, and each frame once', async () => {
    const folder = temporaryFolder();
    const engine = paperEngine();
    const { queue, events, ended } = makeQueue(folder, engine, 3);
    await queue.start();
    const { id } = await queue.submit(paperJob(folder, { frames: '1-40' }));
    await ended(id);
    expect(engine.started.length).toBeGreaterThan(1);
    const written = events.filter((event) => event.name === 'render_write').map((event) => event.frame!);
    expect(written.sort((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_value, index) => index + 1));
  });

  it('keeps to the workers that it may use', async () => {
    const folder = temporaryFolder();
    const engine = paperEngine();
    const { queue, ended } = makeQueue(folder, engine, 4);
    await queue.start();
    const { id } = await queue.submit(paperJob(folder, { frames: '1-10', workers: 1 }));
    await ended(id);
    expect(engine.started).toHaveLength(1);
  });
});

describe('jobs', () => {
  it('that may use one worker each are rendered side by side where there are two', async () => {
    const folder = temporaryFolder();
    const { queue, seen } = makeQueue(
      folder,
      paperEngine(() => new Promise(() => undefined)),
      2,
    );
    await queue.start();
    const first = await queue.submit(paperJob(folder, { workers: 1 }));
    const second = await queue.submit(paperJob(folder, { workers: 1, output: join(folder, 'second', '####.png') }));
    const begun = await Promise.all(
      [first, second].map(({ id }) => seen((event) => event.name === 'render_pre' && event.job?.id === id)),
    );
    expect(begun.map(({ worker }) => worker).sort()).toEqual([1, 2]);
  });
});

describe('a frame that fails', () => {
  it('is tried again, and counts once', async () => {
    const folder = temporaryFolder();
    let tries = 0;
    const engine = paperEngine((request) => {
      if (request.frame === 2 && ++tries < 3) throw new FrameError('a passing fault', false);
      return undefined;
    });
    const { queue, store, events, ended, counters } = makeQueue(folder, engine);
    await queue.start();
    const { id } = await queue.submit(paperJob(folder));
    expect((await ended(id)).state).toBe('completed');
    expect(store.frames.get(id, 2)).toMatchObject({ state: 'done', attempts: 3, reason: null });
    expect(story(events, id).filter((entry) => entry.endsWith(' 2'))).toEqual([
      'pre 2',
      'failed 2',
      'pre 2',
      'failed 2',
      'pre 2',
      'post 2',
      'write 2',
    ]);
    expect(counters.totals().engines.gltf).toMatchObject({ rendered: 3, retried: 2, failed: { render: 0 } });
  });

  it('three times is given up, and with too many of them the job fails with the reason', async () => {
    const folder = temporaryFolder();
    let others: Promise<unknown> = Promise.resolve();
    const engine = paperEngine(async (request) => {
      if (request.frame !== 2) return undefined;
      await others;
      throw new FrameError('a lasting fault', false);
    });
    const { queue, events, ended, seen } = makeQueue(folder, engine);
    others = seen((event) => event.name === 'render_write' && event.frame === 3);
    await queue.start();
    const { id } = await queue.submit(paperJob(folder, { failureShare: 0.3, order: 'list', frames: '1,3,2' }));
    expect(await ended(id)).toMatchObject({
      state: 'failed',
      reason: '1 of 3 frames failed; frame 2: a lasting fault',
      frames: { done: 2, failed: 1 },
    });
    expect(story(events, id).at(-1)).toBe('cancel');
    expect(story(events, id)).not.toContain('complete');
  });

  it('for good ends the job at once', async () => {
    const folder = temporaryFolder();
    const engine = paperEngine(() => {
      throw new FrameError('the scene is broken', true);
    });
    const { queue, events, ended } = makeQueue(folder, engine);
    await queue.start();
    const { id } = await queue.submit(paperJob(folder, { frames: '1-100' }));
    expect(await ended(id)).toMatchObject({ state: 'failed', reason: 'the scene is broken' });
    expect(story(events, id)).toEqual(['init', 'pre 1', 'failed 1', 'cancel']);
  });

  it.each([
    ['of the wrong size', makePng(4, 4)],
    ['cut short', makePng(8, 6).subarray(0, 50)],
    ['of no bytes', Buffer.alloc(0)],
  ])('because its image is %s leaves nothing on the disk', async (_what, bytes) => {
    const folder = temporaryFolder();
    const engine = paperEngine((request) => (request.frame === 1 ? { bytes, seconds: 0.01 } : undefined));
    const { queue, ended } = makeQueue(folder, engine);
    await queue.start();
    const { id } = await queue.submit(paperJob(folder, { failureShare: 0.5 }));
    expect(await ended(id)).toMatchObject({
      state: 'completed',
      reason: expect.stringMatching(/^1 of 3 frames failed; frame 1: /) as unknown,
      frames: { done: 2, failed: 1 },
    });
    expect(readdirSync(join(folder, 'out'))).toEqual(['0002.png', '0003.png']);
  });

  it('because its worker died is rendered by another', async () => {
    const folder = temporaryFolder();
    let killed = false;
    const engine = paperEngine((request, worker) => {
      if (request.frame === 2 && !killed) {
        killed = true;
        worker.die({ reason: 'crash', message: 'the page crashed' });
        return new Promise(() => undefined);
      }
      return undefined;
    });
    const { queue, events, ended, counters } = makeQueue(folder, engine);
    await queue.start();
    const { id } = await queue.submit(paperJob(folder));
    expect(await ended(id)).toMatchObject({ state: 'completed', frames: { done: 3 } });
    expect(engine.started).toHaveLength(2);
    expect(events.find((event) => event.name === 'worker_state' && event.state === 'gone')?.reason).toBe(
      'the page crashed',
    );
    expect(counters.totals()).toMatchObject({
      engines: { gltf: { rendered: 3, retried: 1 } },
      slots: { 1: { frames: 3, errors: 1, restarts: { crash: 1, exit: 0 } } },
    });
  });

  it('because no worker can be had fails the job with the way out', async () => {
    const folder = temporaryFolder();
    const engine = paperEngine();
    engine.refuseToStart = new UserError('No browser was found: install Chromium.');
    const { queue, ended } = makeQueue(folder, engine);
    await queue.start();
    const { id } = await queue.submit(paperJob(folder));
    expect(await ended(id)).toMatchObject({ state: 'failed', reason: 'No browser was found: install Chromium.' });
  });
});

describe('cancel', () => {
  it('fires render_cancel once, keeps what is done, writes nothing afterwards', async () => {
    const folder = temporaryFolder();
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const engine = paperEngine(async (request) => {
      if (request.frame === 2) await held;
      return undefined;
    });
    const { queue, store, events, seen } = makeQueue(folder, engine);
    await queue.start();
    const { id } = await queue.submit(paperJob(folder));
    await seen((event) => event.name === 'render_pre' && event.frame === 2);
    await seen((event) => event.name === 'render_write' && event.frame === 1);
    expect(queue.cancel(id)).toMatchObject({ state: 'cancelled', frames: { done: 1, waiting: 2, rendering: 0 } });
    release();
    const next = await queue.submit(paperJob(folder, { output: join(folder, 'next', '####.png') }));
    await seen((event) => event.name === 'render_complete' && event.job?.id === next.id);
    expect(story(events, id)).toEqual(['init', 'pre 1', 'post 1', 'pre 2', 'write 1', 'cancel']);
    expect(readdirSync(join(folder, 'out'))).toEqual(['0001.png']);
    expect(store.frames.get(id, 2)?.state).toBe('waiting');
    expect(() => queue.cancel(id)).toThrow(/is cancelled already/);
  });

  it('of a job that has not begun fires neither init nor cancel', async () => {
    const folder = temporaryFolder();
    const engine = paperEngine(() => new Promise(() => undefined));
    const { queue, events, seen } = makeQueue(folder, engine);
    await queue.start();
    const first = await queue.submit(paperJob(folder));
    const second = await queue.submit(paperJob(folder, { output: join(folder, 'second', '####.png') }));
    await seen((event) => event.name === 'render_pre' && event.job?.id === first.id);
    expect(queue.cancel(second.id).state).toBe('cancelled');
    expect(story(events, second.id)).toEqual([]);
  });
});

describe('output that cannot be written', () => {
  it.each([
    ['below a file', (folder: string) => join(folder, 'file', 'x', '####.png')],
    ['in a place that is no place', () => '/proc/nowhere/####.png'],
  ])('%s is refused before the job is taken', async (_what, output) => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'file'), '');
    const { queue, store } = makeQueue(folder, paperEngine());
    await queue.start();
    await expect(queue.submit(paperJob(folder, { output: output(folder) }))).rejects.toThrow(
      /^The output folder .* cannot be written to \(.*\): choose another output\.$/,
    );
    expect(store.jobs()).toEqual([]);
  });

  it('any more while rendering fails the job with the reason', async () => {
    const folder = temporaryFolder();
    const out = join(folder, 'out');
    const engine = paperEngine((request) => {
      if (request.frame === 2) mkdirSync(join(out, '0002.png'));
      return undefined;
    });
    const { queue, ended } = makeQueue(folder, engine);
    await queue.start();
    const { id } = await queue.submit(paperJob(folder, { overwrite: true }));
    expect((await ended(id)).reason).toMatch(/0002\.png cannot be moved into place/);
    expect(readdirSync(out).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });
});

describe('the next start', () => {
  it('goes on with what the last host left: done frames stay, half-done ones are repaired', async () => {
    const folder = temporaryFolder();
    const before = new JobStore(folder);
    const job = before.add(paperJob(folder, { frames: '1-5' }));
    before.setState(job.id, 'rendering', null);
    const out = join(folder, 'out');
    mkdirSync(out);
    const file = (frame: number): string => join(out, `000${frame}.png`);
    // Frame 1 is done; 2 was placed but not marked; 3 was half written; 4 was in work.
    const [first, second] = [1, 2, 3, 4].map((frame) => ({
      jobId: job.id,
      frame,
      lease: before.tries.start(job.id, frame).lease,
    }));
    writeFileSync(file(1), makePng(8, 6, 1));
    before.tries.done(first!, { file: file(1), seconds: 0.1 });
    writeFileSync(file(2), makePng(8, 6, 2));
    const { size, ino } = statSync(file(2));
    // As a file system with a coarse clock has it after the next start: what it wrote is known by its number.
    before.tries.writeJournal(second!, {
      files: [{ path: file(2), bytes: size, modifiedAt: 1, inode: ino }],
      fingerprint: null,
    });
    const half = frameFolder(file(3), { host: null, jobId: job.id, frame: 3, lease: 1 });
    mkdirSync(half);
    writeFileSync(join(half, 'image.png'), makePng(8, 6, 3).subarray(0, 30));
    before.close();

    const { queue, store, events, ended } = makeQueue(folder, paperEngine());
    await queue.start();
    expect(await ended(job.id)).toMatchObject({ state: 'completed', frames: { done: 5 } });
    expect(new Set(events.filter((event) => event.name === 'render_write').map((event) => event.frame))).toEqual(
      new Set([3, 4, 5]),
    );
    expect(store.frames.list(job.id).map((frame) => frame.state)).toEqual(['done', 'done', 'done', 'done', 'done']);
    expect(readdirSync(out)).toEqual(['0001.png', '0002.png', '0003.png', '0004.png', '0005.png']);
  });

  it('sets a broken database aside and says so', () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'queue.sqlite'), 'this is no database, however long one looks at it'.repeat(100));
    const store = new JobStore(folder);
    onTestFinished(() => store.close());
    expect(store.notice).toMatch(
      /could not be read .* It was set aside as .*set-aside.* Nothing in it could be saved: the queue starts empty/,
    );
    expect(store.jobs()).toEqual([]);
    expect(readdirSync(folder).filter((name) => name.includes('set-aside'))).toHaveLength(1);
  });
});
