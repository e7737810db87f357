import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { TemporaryFolderError } from '../../../src/main/engines/temporary-folder';
import type { ImageVerifier } from '../../../src/main/images/verify-image';
import { paperEngine } from '../../helpers/paper-engine';
import { type PaperQueue, makeQueue, paperJob } from '../../helpers/paper-queue';
import { temporaryFolder } from '../../helpers/temporary-folder';

function gate(): { open: () => void; opened: Promise<void> } {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { open, opened };
}

/** Frames in the order in which they were handed out, by job. */
const handedOut = ({ events }: PaperQueue): string[] =>
  events.filter(({ name }) => name === 'render_pre').map(({ job, frame }) => `${job!.id}/${frame}`);

describe('a free worker', () => {
  it('gets the next frame while the last one is still being verified', async () => {
    const folder = temporaryFolder();
    const verified = gate();
    const images: ImageVerifier = {
      verify: () => verified.opened,
      inspect: () => Promise.resolve({ format: 'png', width: 8, height: 6 }),
    };
    const paper = makeQueue(folder, paperEngine(), 1, { images });
    await paper.queue.start();
    const { id } = await paper.queue.submit(paperJob(folder));
    await paper.seen(({ name, frame }) => name === 'render_post' && frame === 3);
    expect(paper.store.job(id)!.frames).toMatchObject({ rendering: 3, done: 0 });
    verified.open();
    expect((await paper.ended(id)).frames.done).toBe(3);
  });

  it('gets a frame of the best job, which may have come while it was busy', async () => {
    const folder = temporaryFolder();
    const first = gate();
    const paper = makeQueue(
      folder,
      paperEngine(async ({ frame }) => {
        if (frame === 1) await first.opened;
        return undefined;
      }),
    );
    await paper.queue.start();
    const usual = await paper.queue.submit(paperJob(folder, { frames: '1-3' }));
    await paper.seen(({ name }) => name === 'render_pre');
    const job = paperJob(folder, { frames: '11-12', output: join(folder, 'better', '####.png') });
    const better = await paper.queue.submit({ ...job, priority: 1 });
    expect(paper.store.job(better.id)!.state).toBe('queued');
    first.open();
    await paper.ended(usual.id);
    expect(handedOut(paper)).toEqual(['1/1', '2/11', '2/12', '1/2', '1/3']);
  });

  it('that has the scene loaded is taken first', async () => {
    const folder = temporaryFolder();
    const scenes = new Map<number, Set<string>>();
    const engine = paperEngine(({ scene }, { number }) => {
      scenes.set(number, (scenes.get(number) ?? new Set()).add(scene));
      return undefined;
    });
    const paper = makeQueue(folder, engine, 2);
    await paper.queue.start();
    for (const name of ['a', 'b', 'a', 'b']) {
      const output = join(folder, `${name}-${scenes.size}-${paper.events.length}`, '####.png');
      const job = paperJob(folder, { frames: '1', workers: 1, scene: join(folder, `${name}.glb`), output });
      const { id } = await paper.queue.submit(job);
      await paper.ended(id);
    }
    // One worker suffices for frames one after another: nobody starts a second one for another scene.
    expect([...scenes.keys()]).toEqual([1]);
  });
});

describe('a worker that doesn’t start', () => {
  it('is tried three times, then the job fails with the reason', async () => {
    const folder = temporaryFolder();
    const engine = paperEngine();
    let starts = 0;
    const refusing = { ...engine, startWorker: () => Promise.reject(new Error(`it crashed, time ${++starts}`)) };
    const { queue, ended, counters } = makeQueue(folder, refusing, 1, { firstBackoff: 10 });
    await queue.start();
    const { id } = await queue.submit(paperJob(folder));
    expect(await ended(id)).toMatchObject({ state: 'failed', reason: 'it crashed, time 3' });
    expect([starts, counters.totals().jobs.failed]).toEqual([3, 1]);
  });

  it('backs off before it is tried again, and failures of workers started together count once', async () => {
    const folder = temporaryFolder();
    const engine = paperEngine();
    let starts = 0;
    const refusing = { ...engine, startWorker: () => Promise.reject(new Error(`it crashed, time ${++starts}`)) };
    const paper = makeQueue(folder, refusing, 4);
    const told = paper.seen(({ name, state }) => name === 'worker_state' && state === 'resting');
    await paper.queue.start();
    const { id } = await paper.queue.submit(paperJob(folder, { frames: '1-30' }));
    await told;
    paper.queue.limitChanged();
    await nextTurn();
    await nextTurn();
    expect(starts).toBe(4);
    expect(paper.store.job(id)!.state).toBe('rendering');
    expect(paper.queue.workers()).toMatchObject([
      { state: 'resting', reason: 'backs off for 5 s: it crashed, time 1' },
    ]);
  });

  it('for want of a folder for temporary files holds the queue, which goes on when there is one', async () => {
    const folder = temporaryFolder();
    const engine = paperEngine();
    engine.refuseToStart = new TemporaryFolderError('/nowhere', { code: 'ENOENT' });
    const paper = makeQueue(folder, engine, 1, { writeRetry: 20 });
    await paper.queue.start();
    const jobs = [1, 2].map((n) => paperJob(folder, { output: join(folder, `out-${n}`, '####.png') }));
    const ids = [];
    for (const job of jobs) ids.push((await paper.queue.submit(job)).id);
    await expect
      .poll(() => paper.told.map(({ reason }) => reason))
      .toContainEqual(
        'The folder for temporary files (TMPDIR) /nowhere cannot be written to (the path does not exist and cannot be made): free space there, or name another folder in TMPDIR. It is tried again every half minute.',
      );
    engine.refuseToStart = null;
    for (const id of ids) expect((await paper.ended(id)).state).toBe('completed');
  });

  it('backs off where there are others, with which the job goes on', async () => {
    const folder = temporaryFolder();
    const engine = paperEngine(async ({ frame }) => {
      working.open();
      if (frame > 1) await rest.opened;
      return undefined;
    });
    const [working, told, rest] = [gate(), gate(), gate()];
    let starts = 0;
    const paper = makeQueue(
      folder,
      {
        ...engine,
        async startWorker(setup) {
          if (++starts === 1) return engine.startWorker(setup);
          await working.opened;
          throw new Error('no memory is left');
        },
      },
      2,
    );
    paper.onEvent(({ name, state }) => void (name === 'worker_state' && state === 'resting' && told.open()));
    await paper.queue.start();
    const { id } = await paper.queue.submit(paperJob(folder, { frames: '1-30' }));
    await told.opened;
    expect(paper.queue.workers()).toContainEqual(
      expect.objectContaining({
        slot: 2,
        state: 'resting',
        reason: expect.stringMatching(/no memory is left/) as unknown,
      }),
    );
    rest.open();
    expect((await paper.ended(id)).frames.done).toBe(30);
    // Nobody tries again while it backs off.
    expect(starts).toBe(2);
  });
});
