import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { paperEngine } from '../../helpers/paper-engine';
import { makeQueue, paperJob } from '../../helpers/paper-queue';
import { temporaryFolder } from '../../helpers/temporary-folder';

/** An engine whose first frame is rendered once it is let go. */
function gatedEngine(): { engine: ReturnType<typeof paperEngine>; open: () => void } {
  let open: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => (open = resolve));
  const engine = paperEngine(async ({ frame }) => {
    if (frame === 1) await gate;
    return undefined;
  });
  return { engine, open };
}

describe('a queue that is to pause', () => {
  it('after the job lets that end, although it was held meanwhile', async () => {
    const folder = temporaryFolder();
    const { engine, open } = gatedEngine();
    const paper = makeQueue(folder, engine);
    await paper.queue.start();
    const first = await paper.queue.submit(paperJob(folder));
    const second = await paper.queue.submit(paperJob(folder, { output: join(folder, 'second', '####.png') }));
    await paper.seen(({ name }) => name === 'render_pre');
    paper.queue.pauseAll('job');
    paper.queue.hold('Only 1 GB is free.');
    open();
    await paper.seen(({ name, frame }) => name === 'render_write' && frame === 1);
    expect(paper.queue.info()).toMatchObject({ state: 'paused', reason: 'Only 1 GB is free.' });
    paper.queue.release();
    expect((await paper.ended(first.id)).state).toBe('completed');
    expect(paper.queue.info()).toMatchObject({ state: 'paused', reason: null });
    expect(paper.store.job(second.id)!.state).toBe('queued');
  });

  it('after the job is paused when the job is put back into the queue, to be rendered again', async () => {
    const folder = temporaryFolder();
    const paper = makeQueue(
      folder,
      paperEngine(() => new Promise(() => undefined)),
    );
    await paper.queue.start();
    const { id } = await paper.queue.submit(paperJob(folder));
    await paper.seen(({ name }) => name === 'render_pre');
    paper.queue.pauseAll('job');
    paper.queue.requeue(id, 'all');
    expect(paper.queue.info()).toMatchObject({ state: 'paused', reason: null });
  });

  it('after the frame is paused once what held it is over', async () => {
    const folder = temporaryFolder();
    const { engine, open } = gatedEngine();
    const paper = makeQueue(folder, engine);
    await paper.queue.start();
    const { id } = await paper.queue.submit(paperJob(folder));
    await paper.seen(({ name }) => name === 'render_pre');
    paper.queue.pauseAll('frame');
    paper.queue.hold('Only 1 GB is free.');
    open();
    await paper.seen(({ name, job }) => name === 'job_state' && job?.id === id && job.state === 'queued');
    paper.queue.release();
    expect(paper.queue.info()).toMatchObject({ state: 'paused', reason: null });
  });
});
