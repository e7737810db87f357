import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { FrameError } from '../../../src/main/engines/render-engine';
import type { ActiveJob } from '../../../src/main/jobs/active-job';
import { FrameResults, type FrameResultsOptions } from '../../../src/main/jobs/frame-results';
import { type Outcome, renderTry, verifyTry } from '../../../src/main/jobs/frame-run';
import type { Assignment } from '../../../src/main/jobs/frames-in-work';
import { NoSpaceError, OutputError } from '../../../src/main/jobs/output/output-errors';
import { createFailureStreaks } from '../../../src/main/jobs/workers/failure-streaks';
import { UserError } from '../../../src/shared/user-error';
import { aroundLogFlushes } from '../../helpers/log-flushes';
import { type Script, paperEngine } from '../../helpers/paper-engine';
import { makePng } from '../../helpers/png';
import { makeParts } from '../../helpers/queue-parts';

/** What writes outcomes down, over a real queue's parts. */
function makeResults(change: Partial<FrameResultsOptions> = {}) {
  const parts = makeParts();
  const { store, options, folder } = parts;
  const results = new FrameResults({
    ...parts,
    ...options,
    machines: { hasOther: () => false },
    streaks: createFailureStreaks(),
    ...change,
  });
  return {
    ...parts,
    results,
    /** What was put into the output folder. */
    output: (): string[] => (existsSync(join(folder, 'out')) ? readdirSync(join(folder, 'out')).sort() : []),
    image: (name: string): string => join(folder, 'out', name),
    /** Has a frame rendered and verified. */
    async rendered(active: ActiveJob, assignment: Assignment, script?: Script): Promise<Outcome> {
      const worker = await paperEngine(script).startWorker('');
      const tools = { store, images: options.images, onFault: options.onFault };
      const delivery = await renderTry(assignment, active, worker, () => undefined, tools);
      if (delivery.kind !== 'delivered') throw new Error(`The frame is ${delivery.kind}.`);
      return verifyTry(delivery, assignment, active, tools);
    },
  };
}

const failed = (error: unknown): Outcome => ({ kind: 'failed', error });
const crash = failed(new FrameError('The worker crashed.', false, 'crash'));

describe('a frame that is ready', () => {
  it('is in its place, written down, counted and told, and nothing else is left', async () => {
    const { results, store, events, told, counters, inWork, begin, handOut, rendered, output, image } = makeResults();
    const active = await begin();
    const assignment = handOut(active, 2);
    await results.settle(active, assignment, await rendered(active, assignment));
    expect(output()).toEqual(['0002.png']);
    expect(readFileSync(image('0002.png'))).toEqual(makePng(8, 6, 2));
    expect(store.frames.get(1, 2)).toMatchObject({ state: 'done', file: image('0002.png'), seconds: 0.01 });
    expect(store.frames.record(1, 2)).toMatchObject({
      fingerprint: 'settings.1',
      stamps: [{ path: image('0002.png') }],
    });
    expect(told).toEqual(['frame 1/2 done', 'job 1 rendering', 'queue running']);
    expect(events).toMatchObject([{ name: 'render_write', frame: 2, worker: 1, attempt: 1, file: image('0002.png') }]);
    expect(counters.totals()).toMatchObject({ engines: { gltf: { rendered: 1 } }, slots: { 1: { frames: 1 } } });
    expect([inWork.empty, active.rendered]).toEqual([true, 1]);
  });

  it('gets into its place only once the disk has what says so, and not where it was given up meanwhile', async () => {
    const { results, store, states, folder, begin, handOut, rendered, output } = makeResults();
    const ends: (() => void)[] = [];
    aroundLogFlushes(join(folder, 'queue.sqlite'), async (flush) => {
      await flush();
      await new Promise<void>((resolve) => ends.push(resolve));
    });
    const active = await begin();
    const first = handOut(active, 1);
    const settled = results.settle(active, first, await rendered(active, first));
    await expect.poll(() => ends.length).toBe(1);
    expect(store.tries.interrupted()).toMatchObject([{ frame: 1, journal: { files: [expect.anything()] } }]);
    expect(output().filter((name) => !name.startsWith('.'))).toEqual([]);
    ends[0]!();
    await settled;
    expect(output()).toEqual(['0001.png']);
    const second = handOut(active, 2);
    const stopped = results.settle(active, second, await rendered(active, second));
    await expect.poll(() => ends.length).toBe(2);
    states.stop(1, 'paused', null);
    ends[1]!();
    await stopped;
    expect(output()).toEqual(['0001.png']);
    expect(store.frames.get(1, 2)!.state).toBe('waiting');
  });

  it('does not get into its place where the disk reports an error for what says so', async () => {
    const { results, store, folder, begin, handOut, rendered, output } = makeResults();
    const active = await begin();
    const assignment = handOut(active, 1);
    const outcome = await rendered(active, assignment);
    aroundLogFlushes(join(folder, 'queue.sqlite'), () => Promise.reject(Object.assign(new Error(), { code: 'EIO' })));
    await expect(results.settle(active, assignment, outcome)).rejects.toThrow(
      'its log cannot be flushed to the disk: the disk or share reports an error',
    );
    expect(output()).toEqual([]);
    expect(store.frames.get(1, 1)).toMatchObject({ state: 'rendering', attempts: 1 });
  });

  it('ends its job where it was the last', async () => {
    const { results, store, events, begin, handOut, rendered } = makeResults();
    const active = await begin({ frames: '1' });
    const assignment = handOut(active, 1);
    await results.settle(active, assignment, await rendered(active, assignment));
    expect(store.job(1)!.state).toBe('completed');
    expect(events.map(({ name }) => name)).toEqual(['render_write', 'job_state', 'render_complete', 'queue_idle']);
  });

  it('leaves nothing where it was given up meanwhile', async () => {
    const { results, states, store, events, begin, handOut, rendered, output } = makeResults();
    const active = await begin();
    const assignment = handOut(active, 1);
    const outcome = await rendered(active, assignment);
    states.stop(1, 'paused', null);
    await results.settle(active, assignment, outcome);
    expect(output()).toEqual([]);
    expect(store.frames.get(1, 1)!.state).toBe('waiting');
    expect(events.map(({ name }) => name)).toEqual(['job_state']);
  });

  it('leaves nothing where the database has given the frame to another try', async () => {
    const { results, store, begin, handOut, rendered, output } = makeResults();
    const active = await begin();
    const assignment = handOut(active, 1);
    const outcome = await rendered(active, assignment);
    store.tries.release(assignment, null);
    const { lease } = store.tries.start(1, 1, 2);
    await results.settle(active, assignment, outcome);
    expect(output()).toEqual([]);
    expect(store.tries.interrupted()).toEqual([
      { jobId: 1, frame: 1, lease, machine: null, source: null, journal: null },
    ]);
  });

  it('is tried again where not all of its files get into their places: those that do are the job’s', async () => {
    const { results, store, counters, begin, handOut, rendered, image } = makeResults();
    const active = await begin({ views: ['_L', '_R'], failureShare: 1 });
    const bytes = makePng(8, 6, 1);
    const views: Script = () => ({ bytes, seconds: 1, view: '_L', more: [{ target: { view: '_R' }, bytes }] });
    const assignment = handOut(active, 1);
    const outcome = await rendered(active, assignment, views);
    mkdirSync(image('0001_R.png'));
    await results.settle(active, assignment, outcome);
    expect(store.frames.stamps(1, 1).map(({ path }) => path)).toEqual([image('0001_L.png')]);
    expect(active.replaceable.has(1)).toBe(true);
    expect(counters.totals().engines.gltf).toMatchObject({ rendered: 0, failed: { output: 1 } });
  });

  it('says of each frame that a further file is somebody else’s, and of the job once', async () => {
    const { results, store, folder, begin, handOut, rendered } = makeResults();
    const active = await begin({ failureShare: 1 });
    const depthOf = (frame: number): string => join(folder, `depth-${frame}.bin`);
    const script: Script = ({ frame }) => ({
      bytes: makePng(8, 6, frame),
      seconds: 1,
      more: [{ target: { file: depthOf(frame) }, bytes: new Uint8Array([1]) }],
    });
    for (const frame of [1, 2]) {
      writeFileSync(depthOf(frame), 'somebody’s');
      const assignment = handOut(active, frame);
      await results.settle(active, assignment, await rendered(active, assignment, script));
      expect(store.frames.get(1, frame)!.suspicion).toContain(depthOf(frame));
      expect(readFileSync(depthOf(frame), 'utf8')).toBe('somebody’s');
    }
    expect(store.job(1)).toMatchObject({ suspicious: 2, warnings: [expect.stringContaining(depthOf(1))] });
  });

  it('replaces a further file that another frame of the job wrote', async () => {
    const { results, store, folder, begin, handOut, rendered } = makeResults();
    const active = await begin();
    const shared = join(folder, 'shared.bin');
    for (const frame of [1, 2]) {
      const assignment = handOut(active, frame);
      const more = [{ target: { file: shared }, bytes: new Uint8Array([frame]) }];
      const script: Script = () => ({ bytes: makePng(8, 6, frame), seconds: 1, more });
      await results.settle(active, assignment, await rendered(active, assignment, script));
    }
    expect([...readFileSync(shared)]).toEqual([2]);
    expect(store.job(1)).toMatchObject({ suspicious: 0, warnings: [] });
  });

  it('has none of its files in their places where the database can’t tell what its job wrote', async () => {
    const { results, store, folder, begin, handOut, rendered, output } = makeResults();
    const active = await begin();
    const [fresh, there] = [join(folder, 'fresh.bin'), join(folder, 'there.bin')];
    writeFileSync(there, 'somebody’s');
    const more = [fresh, there].map((file) => ({ target: { file }, bytes: new Uint8Array([1]) }));
    const assignment = handOut(active, 1);
    const outcome = await rendered(active, assignment, () => ({ bytes: makePng(8, 6, 1), seconds: 1, more }));
    vi.spyOn(store.frames, 'stamps').mockImplementation(() => {
      throw Object.assign(new Error('disk I/O error'), { code: 'SQLITE_IOERR' });
    });
    await expect(results.settle(active, assignment, outcome)).rejects.toThrow('disk I/O error');
    expect([existsSync(fresh), readFileSync(there, 'utf8'), output()]).toEqual([false, 'somebody’s', []]);
  });

  it('looks too fast until the next one is as fast, in its job, too', async () => {
    const { results, store, told, begin, handOut, rendered } = makeResults();
    const active = await begin({ frames: '1-7' });
    const render = async (frame: number, seconds: number): Promise<void> => {
      const assignment = handOut(active, frame);
      const script: Script = () => ({ bytes: makePng(8, 6, frame), seconds });
      await results.settle(active, assignment, await rendered(active, assignment, script));
    };
    for (const frame of [1, 2, 3, 4, 5]) await render(frame, 60);
    await render(6, 5);
    expect(store.frames.get(1, 6)!.suspicion).toContain('about 60 s');
    expect(store.job(1)).toMatchObject({ suspicious: 1 });
    told.length = 0;
    await render(7, 5);
    expect(store.frames.get(1, 6)!.suspicion).toBeNull();
    expect(store.job(1)).toMatchObject({ suspicious: 0 });
    expect(told).toContain('frame 1/6 done');
  });
});

describe('a try that failed', () => {
  it('is followed by another as often as the job gives each frame, then the frame has failed', async () => {
    const { results, store, events, counters, begin, handOut } = makeResults();
    const active = await begin({ attempts: 2, failureShare: 1 });
    await results.settle(active, handOut(active, 1), crash);
    expect(store.frames.get(1, 1)).toMatchObject({ state: 'waiting', attempts: 1, reason: 'The worker crashed.' });
    await results.settle(active, handOut(active, 1), crash);
    expect(store.frames.get(1, 1)).toMatchObject({ state: 'failed', attempts: 2 });
    expect(counters.totals()).toMatchObject({
      engines: { gltf: { retried: 1, failed: { crash: 1 } } },
      slots: { 1: { errors: 2 } },
    });
    expect(events).toMatchObject([
      { name: 'frame_failed', frame: 1, attempt: 1, reason: 'The worker crashed.' },
      { name: 'frame_failed', frame: 1, attempt: 2 },
    ]);
    expect(store.job(1)!.state).toBe('rendering');
  });

  it('ends the job where every other frame would fail, too', async () => {
    const { results, store, inWork, begin, handOut } = makeResults();
    const active = await begin();
    const [first, second] = [handOut(active, 1), handOut(active, 2, 2)];
    await results.settle(active, first, failed(new UserError('The scene is no scene.')));
    expect(store.job(1)).toMatchObject({ state: 'failed', reason: 'The scene is no scene.', frames: { waiting: 2 } });
    expect([second.controller.signal.aborted, inWork.empty]).toEqual([true, true]);
  });

  it('is nobody’s where the frame was given up before', async () => {
    const { results, states, store, told, begin, handOut } = makeResults();
    const active = await begin();
    const assignment = handOut(active, 1);
    states.stop(1, 'paused', null);
    told.length = 0;
    await results.settle(active, assignment, crash);
    expect(told).toEqual([]);
    expect(store.frames.get(1, 1)).toMatchObject({ state: 'waiting', reason: null });
  });

  const full = failed(new NoSpaceError('The disk is full.'));

  it('for want of space costs nothing, and holds the queue', async () => {
    const { results, store, events, counters, pauseState, begin, handOut } = makeResults();
    const active = await begin({ attempts: 1 });
    await results.settle(active, handOut(active, 1), full);
    expect(store.frames.get(1, 1)).toMatchObject({ state: 'waiting', reason: null });
    expect([store.frames.failures(1, 1), counters.totals().engines]).toEqual([0, {}]);
    expect(events.map(({ name }) => name)).not.toContain('frame_failed');
    expect(pauseState.info()).toEqual({ state: 'paused', reason: 'The disk is full.' });
  });

  it('for want of space leaves it to the watch of the free space to hold the queue where that sees it', async () => {
    const asked: string[] = [];
    const space = { check: () => undefined, full: (folder: string) => asked.push(folder) > 0 } as never;
    const { results, pauseState, begin, handOut, image } = makeResults({ space });
    const active = await begin();
    await results.settle(active, handOut(active, 1), full);
    expect([pauseState.info().state, asked]).toEqual(['running', [dirname(image('0001.png'))]]);
  });

  it.each([
    ['of the output', new OutputError('The share does not answer.'), /^its output folder .*out to be in order again$/],
    [
      'of the scene',
      new FrameError('It is not there.', true, 'render', [], 'scene'),
      /paper\.glb to be readable again$/,
    ],
  ])('for an error %s that may pass blames no worker, and has its job wait', async (_what, error, waitsFor) => {
    const { results, store, pool, deferred, shown, begin, handOut, rendered } = makeResults();
    const active = await begin({ frames: '1-9', failureShare: 1 });
    const assignment = handOut(active, 3);
    await results.settle(active, assignment, await rendered(active, assignment));
    const tries = [1, 2].map((frame) => handOut(active, frame));
    for (const held of tries) await results.settle(active, held, failed(error));
    expect([pool.list(), active.avoidance.isAvoided(null, performance.now())]).toEqual([[], false]);
    expect(store.frames.get(1, 1)).toMatchObject({ state: 'waiting', attempts: 1, reason: error.message });
    expect(deferred.passesOver(active)).toBe(true);
    // None of its frames is in work any more.
    expect(shown(store.job(1)!)).toMatchObject({
      state: 'queued',
      waitsFor: expect.stringMatching(waitsFor) as unknown,
    });
  });

  it('lets the slot back off after two frames in a row, once the job has rendered one', async () => {
    const { results, store, pool, begin, handOut, rendered } = makeResults();
    const active = await begin({ frames: '1-9', failureShare: 1 });
    for (const frame of [1, 2]) await results.settle(active, handOut(active, frame), crash);
    expect(pool.list()).toEqual([]);
    const assignment = handOut(active, 3);
    await results.settle(active, assignment, await rendered(active, assignment));
    await results.settle(active, handOut(active, 4), crash);
    expect(pool.list()).toEqual([]);
    await results.settle(active, handOut(active, 5), crash);
    expect(pool.list()).toMatchObject([{ slot: 1, state: 'resting', reason: expect.stringContaining('crashed') }]);
    expect(store.job(1)!.frames).toMatchObject({ done: 1, waiting: 8 });
  });
});

it('lets a frame whose scene changed meanwhile wait again, which counts as no failure', async () => {
  const { results, store, events, begin, handOut } = makeResults();
  const active = await begin();
  await results.settle(active, handOut(active, 1), { kind: 'source-changed' });
  expect(store.frames.get(1, 1)).toMatchObject({ state: 'waiting', reason: null });
  expect([store.frames.failures(1, 1), active.sourceChanges.get(1), events]).toEqual([0, 1, []]);
});

it('skips a frame whose image has come meanwhile', async () => {
  const { results, store, counters, inWork, begin, handOut, image } = makeResults();
  const active = await begin();
  await results.settle(active, handOut(active, 1), { kind: 'existing' });
  expect(store.frames.get(1, 1)).toMatchObject({ state: 'skipped', file: image('0001.png') });
  expect([counters.totals().engines.gltf!.skipped, inWork.empty]).toEqual([1, true]);
});

it('pauses the queue with the outcome of the last frame in work', async () => {
  const { results, store, pauseState, begin, handOut } = makeResults();
  const active = await begin();
  const assignment = handOut(active, 1);
  pauseState.set('after-frame');
  await results.settle(active, assignment, { kind: 'existing' });
  expect([pauseState.info().state, store.job(1)!.state]).toEqual(['paused', 'queued']);
});
