import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { FrameError } from '../../../src/main/engines/render-engine';
import { type PaperImage, type PaperWorker, paperEngine } from '../../helpers/paper-engine';
import { type PaperQueue, openQueue, paperJob } from '../../helpers/paper-queue';
import { temporaryFolder } from '../../helpers/temporary-folder';
import { FINAL_JOB_STATES } from '../../../src/shared/jobs';
import { parseFrameRange } from '../../../src/shared/frame-range';
import type { StoredJob } from '../../../src/main/jobs/store/job-row';

/** Rounds that are played, and commands in one at most. */
const ROUNDS = 60;
const COMMANDS = 30;
const SEED = 20_261_121;

/** A frame that a worker has and that waits for the test's decision. */
interface Pending {
  readonly worker: PaperWorker;
  readonly resolve: (image: PaperImage | undefined) => void;
  readonly reject: (error: Error) => void;
  over: boolean;
}

/** What is believed of a job: all that people can see of it, in so few words that it can be checked by reading. */
interface ModelJob {
  /** In which it must be, as far as commands alone decide. */
  paused: boolean;
  /** Frame numbers that belong to it. */
  frames: ReadonlySet<number>;
  /** Frames that may be written again, since they were asked for anew. */
  free: Set<number>;
  after: number[];
}

/** What is believed of the queue. */
interface Model {
  /** Ids in queue order. */
  order: number[];
  readonly jobs: Map<number, ModelJob>;
}

/** The real queue, which may be closed and opened again. */
interface Real {
  readonly folder: string;
  paper: PaperQueue;
  pending: Pending[];
  /** Folders for images that were given out. */
  outputs: number;
  /** What went against an invariant, as it was told. */
  readonly wrong: string[];
  reopen(): Promise<void>;
}

type Command = fc.AsyncCommand<Model, Real>;

const ended = (job: Pick<StoredJob, 'state'>): boolean => FINAL_JOB_STATES.includes(job.state);

/** Checks what must hold at every moment. */
function check(model: Model, { paper: { store, queue }, wrong }: Real): void {
  expect(wrong).toEqual([]);
  const jobs = store.jobs();
  expect(jobs.map(({ id }) => id)).toEqual(model.order);
  for (const job of jobs) {
    const { total, waiting, rendering, done, failed, skipped } = job.frames;
    const frames = store.frames.list(job.id);
    expect(waiting + rendering + done + failed + skipped, `counts of job ${job.id}`).toBe(total);
    for (const state of ['waiting', 'rendering', 'done', 'failed', 'skipped'] as const)
      expect(frames.filter((frame) => frame.state === state).length, `${state} of job ${job.id}`).toBe(
        job.frames[state],
      );
    expect(new Set(frames.map(({ frame }) => frame)), `frames of job ${job.id}`).toEqual(
      model.jobs.get(job.id)!.frames,
    );
    if (job.state !== 'rendering') expect(rendering, `frames in work of job ${job.id}, which is ${job.state}`).toBe(0);
    if (job.state === 'completed') expect(waiting).toBe(0);
    if (job.state === 'failed' || job.state === 'cancelled') expect(job.reason).not.toBeNull();
    if (model.jobs.get(job.id)!.paused) expect(job.state).toBe('paused');
    for (const frame of frames) {
      if (frame.state === 'done') expect(existsSync(frame.file!), `image of frame ${frame.frame}`).toBe(true);
      if (frame.state === 'failed') expect(frame.reason).not.toBeNull();
    }
  }
  const slots = queue.workers().map(({ slot }) => slot);
  expect(new Set(slots).size).toBe(slots.length);
}

/** A command that is done to one of the jobs there are. */
function onJob(
  name: string,
  pick: number,
  run: (model: Model, real: Real, id: number, job: StoredJob) => void | Promise<void>,
): Command {
  return {
    check: (model) => model.order.length > 0,
    toString: () => `${name}(#${pick})`,
    async run(model, real) {
      const id = model.order[pick % model.order.length]!;
      await run(model, real, id, real.paper.store.job(id)!);
      check(model, real);
      await nextTurn();
      check(model, real);
    },
  };
}

/** Decides on one of the frames that are with a worker. */
function onFrame(name: string, pick: number, decide: (pending: Pending) => void): Command {
  return {
    check: () => true,
    toString: () => `${name}(#${pick})`,
    async run(model, real) {
      for (let turn = 0; turn < 20 && real.pending.every(({ over }) => over); turn++) await nextTurn();
      const open = real.pending.filter(({ over }) => !over);
      const chosen = open[pick % Math.max(1, open.length)];
      if (!chosen) return;
      chosen.over = true;
      decide(chosen);
      // Far enough that some of what follows has happened, and not all of it.
      for (let turn = 0; turn < pick % 7; turn++) await nextTurn();
      check(model, real);
    },
  };
}

const pick = fc.nat({ max: 50 });
const commands: fc.Arbitrary<Command>[] = [
  fc
    .record({
      frames: fc.constantFrom('1-2', '1-4', '3'),
      after: fc.option(pick),
      priority: fc.integer({ min: -1, max: 1 }),
      attempts: fc.integer({ min: 1, max: 2 }),
    })
    .map(({ frames, after, priority, attempts }): Command => ({
      check: (model) => model.order.length < 6,
      toString: () => `add(${frames}, ${after}, ${priority}, ${attempts})`,
      async run(model, real) {
        const others = after === null || model.order.length === 0 ? [] : [model.order[after % model.order.length]!];
        // What a job that was removed left behind is nobody's: no other may be put there.
        const output = join(real.folder, `out-${++real.outputs}`, '####.png');
        const settled = await real.paper.queue.submit({
          ...paperJob(real.folder, { frames, attempts, failureShare: 0.5, output, order: 'every-2' }),
          after: others,
          priority,
        });
        const numbers = new Set(parseFrameRange(frames));
        model.jobs.set(settled.id, { paused: false, frames: numbers, free: new Set(numbers), after: others });
        model.order.push(settled.id);
        check(model, real);
      },
    })),
  pick.map((at) =>
    onJob('pause', at, (model, { paper: { queue } }, id, job) => {
      if (ended(job)) {
        expect(() => queue.pause(id)).toThrow(/only a job that is queued or rendering/);
        return;
      }
      expect(queue.pause(id).state).toBe('paused');
      model.jobs.get(id)!.paused = true;
    }),
  ),
  pick.map((at) =>
    onJob('resume', at, (model, { paper: { queue } }, id, job) => {
      if (job.state !== 'paused') {
        expect(() => queue.resume(id)).toThrow(/only a paused job/);
        return;
      }
      model.jobs.get(id)!.paused = false;
      expect(['queued', 'rendering']).toContain(queue.resume(id).state);
    }),
  ),
  pick.map((at) =>
    onJob('cancel', at, (model, { paper: { queue } }, id, job) => {
      if (ended(job)) {
        expect(() => queue.cancel(id)).toThrow(/already: there is nothing to cancel/);
        return;
      }
      model.jobs.get(id)!.paused = false;
      expect(queue.cancel(id).state).toBe('cancelled');
    }),
  ),
  fc.record({ at: pick, frames: fc.constantFrom('all' as const, 'failed' as const) }).map(({ at, frames }) =>
    onJob(`requeue ${frames}`, at, (model, { paper: { queue, store } }, id, job) => {
      const asked = store.frames.list(id).filter(({ state }) => frames === 'all' || state === 'failed');
      if (frames === 'failed' && job.frames.failed === 0 && !(ended(job) && job.frames.waiting > 0)) {
        expect(() => queue.requeue(id, frames)).toThrow(/No frame of job \d+ failed/);
        return;
      }
      for (const { frame } of asked) model.jobs.get(id)!.free.add(frame);
      expect(['queued', 'rendering', 'paused']).toContain(queue.requeue(id, frames).state);
    }),
  ),
  pick.map((at) =>
    onJob('remove', at, (model, { paper: { queue } }, id, job) => {
      if (job.state === 'rendering') {
        expect(() => queue.remove(id)).toThrow(/is rendering: cancel it before/);
        return;
      }
      model.order = model.order.filter((other) => other !== id);
      for (const other of model.jobs.values())
        if (job.state === 'completed') other.after = other.after.filter((earlier) => earlier !== id);
      queue.remove(id);
    }),
  ),
  fc.record({ at: pick, before: fc.option(pick) }).map(({ at, before }) =>
    onJob(`move before ${before}`, at, (model, { paper: { queue } }, id) => {
      const next = before === null ? null : model.order[before % model.order.length]!;
      queue.move(id, next);
      if (next === id) return;
      const others = model.order.filter((other) => other !== id);
      others.splice(next === null ? others.length : others.indexOf(next), 0, id);
      model.order = others;
    }),
  ),
  fc.record({ at: pick, frames: fc.constantFrom('1-3', '2-5') }).map(({ at, frames }) =>
    onJob(`edit ${frames}`, at, (model, { paper: { queue } }, id, job) => {
      const known = model.jobs.get(id)!;
      const settings = { ...job.settings, frames };
      if (ended(job) || job.state === 'rendering') {
        expect(() => queue.setSettings(id, settings, 'none')).toThrow(
          /is rendering: pause it|duplicate it, or requeue it/,
        );
        return;
      }
      const numbers = new Set(parseFrameRange(frames));
      for (const frame of numbers) if (!known.frames.has(frame)) known.free.add(frame);
      known.frames = numbers;
      queue.setSettings(id, settings, 'none');
    }),
  ),
  fc.constantFrom('now' as const, 'frame' as const, 'job' as const).map((after): Command => ({
    check: () => true,
    toString: () => `pauseAll(${after})`,
    async run(model, real) {
      real.paper.queue.pauseAll(after);
      check(model, real);
      await nextTurn();
      real.paper.queue.resumeAll();
      check(model, real);
    },
  })),
  pick.map((at) => onFrame('deliver', at, ({ resolve }) => resolve(undefined))),
  pick.map((at) => onFrame('deliver', at, ({ resolve }) => resolve(undefined))),
  pick.map((at) => onFrame('fail', at, ({ reject }) => reject(new FrameError('a fault', false)))),
  pick.map((at) => onFrame('die', at, ({ worker }) => worker.die({ reason: 'crash', message: 'it crashed' }))),
  fc.constant<Command>({
    check: () => true,
    toString: () => 'restart()',
    async run(model, real) {
      await real.reopen();
      check(model, real);
    },
  }),
];

/** Follows what is told and notes what must never be: events out of the lifecycle's order, and frames written twice. */
function watch(model: Model, wrong: string[]): (event: PaperQueue['events'][number]) => void {
  const begun = new Set<number>();
  const inWork = new Set<string>();
  return ({ name, job, frame }) => {
    if (!job || !/^(render_|frame_failed)/.test(name)) return;
    const { id } = job;
    const key = `${id}/${frame}`;
    const must = (holds: boolean, what: string): void => void (holds || wrong.push(`${name} of ${key}: ${what}`));
    if (name === 'render_init') {
      must(!begun.has(id), 'the job has begun already');
      begun.add(id);
      return;
    }
    must(begun.has(id), 'the job has not begun');
    if (name === 'render_complete' || name === 'render_cancel') begun.delete(id);
    else if (name === 'render_pre') {
      must(model.jobs.get(id)?.free.has(frame!) ?? true, 'it was written already');
      inWork.add(key);
    } else must(inWork.has(key), 'it is not in work');
    if (name === 'render_write') model.jobs.get(id)?.free.delete(frame!);
  };
}

it('keeps its promises whatever is done to it', async () => {
  const root = temporaryFolder();
  let round = 0;
  const property = fc.asyncProperty(fc.commands(commands, { maxCommands: COMMANDS, size: 'max' }), async (steps) => {
    const folder = join(root, String(++round));
    const model: Model = { order: [], jobs: new Map() };
    const wrong: string[] = [];
    let letAllThrough = false;
    const open = async (): Promise<PaperQueue> => {
      real.pending = [];
      const engine = paperEngine((_request, worker) => {
        if (letAllThrough) return undefined;
        return new Promise<PaperImage | undefined>(
          (resolve, reject) => void real.pending.push({ worker, resolve, reject, over: false }),
        );
      });
      const paper = openQueue(folder, engine, 2, { firstBackoff: 1 });
      const follow = watch(model, wrong);
      paper.onEvent(follow);
      await paper.queue.start();
      return paper;
    };
    const real: Real = {
      folder,
      wrong,
      outputs: 0,
      pending: [],
      paper: undefined as unknown as PaperQueue,
      async reopen() {
        await real.paper.close();
        real.paper = await open();
      },
    };
    real.paper = await open();
    try {
      await fc.asyncModelRun(() => ({ model, real }), steps);
      // Left alone, every job ends, or says what it waits for.
      letAllThrough = true;
      for (const pending of real.pending) pending.resolve(undefined);
      const { store, queue } = real.paper;
      for (const id of store.ids(['paused'])) {
        model.jobs.get(id)!.paused = false;
        queue.resume(id);
      }
      const rest = (): StoredJob[] => store.unfinished().filter((job) => job.waitsFor === null);
      if (rest().length > 0) await real.paper.seen(() => rest().length === 0);
      check(model, real);
      for (const job of store.unfinished())
        expect(job, `job ${job.id}`).toMatchObject({ state: 'queued', waitsFor: expect.any(String) as unknown });
    } finally {
      await real.paper.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });
  await fc.assert(property, { seed: SEED, numRuns: ROUNDS });
});
