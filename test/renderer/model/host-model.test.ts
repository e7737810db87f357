import { describe, expect, it } from 'vitest';
import type { HostEvent } from '../../../src/shared/host-api';
import type { Job } from '../../../src/shared/jobs';
import {
  acceptFrames,
  acceptState,
  applyEvent,
  awaitFrames,
  awaitState,
  EMPTY_MODEL,
  failFrames,
  holdJobs,
  releaseJobs,
  type HostModel,
} from '../../../src/renderer/model/host-model';
import { sampleAddon, sampleFrame, sampleJob, sampleScene, sampleState } from '../../helpers/samples';

const loaded = (change: Parameters<typeof sampleState>[0] = {}): HostModel =>
  acceptState(EMPTY_MODEL, sampleState(change));
const apply = (model: HostModel, ...events: HostEvent[]): HostModel => events.reduce(applyEvent, model);
const jobsOf = ({ jobs }: HostModel): Job[] => [...jobs.byId.values()];
const states = (model: HostModel, jobId: number): string[] => {
  const table = model.frames.get(jobId);
  return table?.kind === 'ready' ? table.list.map(({ frame, state }) => `${frame} ${state}`) : [];
};

describe('what the page knows of its host', () => {
  it('puts new jobs at the end and changed ones in their place', () => {
    const first = sampleJob({ id: 1 });
    const model = apply(
      loaded({ jobs: [first] }),
      { type: 'job', job: sampleJob({ id: 2 }) },
      { type: 'job', job: { ...first, state: 'completed' } },
    );
    expect(jobsOf(model).map(({ id, state }) => [id, state])).toEqual([
      [1, 'completed'],
      [2, 'rendering'],
    ]);
  });

  it('takes out removed jobs, and their frames with them', () => {
    const model = apply(acceptFrames(awaitFrames(loaded({ jobs: [sampleJob()] }), 1), 1, [sampleFrame(1)]), {
      type: 'job-removed',
      id: 1,
    });
    expect(jobsOf(model)).toEqual([]);
    expect(model.frames.has(1)).toBe(false);
  });

  it('is without jobs that are about to be deleted, over changes and reconnections, until they come back', () => {
    const held = holdJobs(loaded({ jobs: [sampleJob({ id: 1 }), sampleJob({ id: 2 }), sampleJob({ id: 3 })] }), [1, 3]);
    expect(jobsOf(held).map(({ id }) => id)).toEqual([2]);
    const changed = apply(
      held,
      { type: 'job', job: sampleJob({ id: 1, state: 'paused' }) },
      { type: 'job-removed', id: 3 },
    );
    expect(jobsOf(changed).map(({ id }) => id)).toEqual([2]);
    const again = acceptState(
      awaitState(changed),
      sampleState({ jobs: [sampleJob({ id: 1, state: 'paused' }), sampleJob({ id: 2 })] }),
    );
    expect(jobsOf(again).map(({ id }) => id)).toEqual([2]);
    const released = releaseJobs(again, [1, 3]);
    expect(released.jobs.open).toEqual([1, 2]);
    expect(released.jobs.byId.get(1)?.state).toBe('paused');
    expect(released.held.size).toBe(0);
  });

  it('takes scene, workers, add-ons and preferences as they are told', () => {
    const model = apply(
      loaded(),
      { type: 'scene', scene: sampleScene() },
      {
        type: 'workers',
        workers: [
          {
            slot: 1,
            engine: 'gltf',
            state: 'idle',
            scene: null,
            jobId: null,
            frame: null,
            framesDone: 0,
            startedAt: 1,
          },
        ],
      },
      { type: 'addons', addons: [sampleAddon({ state: 'running' })] },
      { type: 'preferences', preferences: { 'render.workers': 3 } },
    );
    expect(model.host).toMatchObject({
      scene: { name: 'turntable' },
      workers: [{ slot: 1 }],
      addons: [{ state: 'running' }],
      preferences: { 'render.workers': 3 },
    });
  });

  it('shows a notice once, however often it is told', () => {
    const notice = { id: 1, level: 'warning' as const, text: 'Set aside.', at: 1 };
    expect(apply(loaded({ notices: [notice] }), { type: 'notice', notice }).host!.notices).toEqual([notice]);
    expect(apply(loaded(), { type: 'notice', notice }).host!.notices).toEqual([notice]);
  });

  it('takes a notice back whose cause is gone', () => {
    const notices = [1, 2].map((id) => ({ id, level: 'warning' as const, text: `Notice ${id}`, at: id }));
    expect(apply(loaded({ notices }), { type: 'notice-gone', id: 1 }).host!.notices).toEqual([notices[1]]);
  });

  it('keeps events that come before the state, and applies them on top of it in order', () => {
    const early = apply(
      EMPTY_MODEL,
      { type: 'job', job: sampleJob({ id: 1, state: 'rendering' }) },
      { type: 'job', job: sampleJob({ id: 2 }) },
      { type: 'job', job: sampleJob({ id: 1, state: 'completed' }) },
      { type: 'job-removed', id: 2 },
    );
    expect(early.host).toBeNull();
    // The state was written down before job 1 was completed, and before job 2 was there.
    const model = acceptState(early, sampleState({ jobs: [sampleJob({ id: 1, state: 'rendering' })] }));
    expect(jobsOf(model).map(({ id, state }) => [id, state])).toEqual([[1, 'completed']]);
    expect(model.early).toBeNull();
  });

  it('after a lost connection shows the old state until the new one has come, and asks for frames anew', () => {
    const before = acceptFrames(awaitFrames(loaded({ jobs: [sampleJob()] }), 1), 1, [sampleFrame(1)]);
    const waiting = apply(awaitState(before), { type: 'job', job: sampleJob({ id: 5 }) });
    expect(jobsOf(waiting).map((job) => job.id)).toEqual([1]);
    expect(waiting.frames.size).toBe(0);
    expect(jobsOf(acceptState(waiting, sampleState({ jobs: [] }))).map((job) => job.id)).toEqual([5]);
  });

  it('replaces a frame in its place, and keeps those told while the list was on its way', () => {
    let model = awaitFrames(loaded({ jobs: [sampleJob()] }), 1);
    model = apply(
      model,
      { type: 'frame', jobId: 1, frame: sampleFrame(2, 'rendering') },
      { type: 'frame', jobId: 1, frame: sampleFrame(2, 'done') },
    );
    model = acceptFrames(model, 1, [sampleFrame(1), sampleFrame(2), sampleFrame(3)]);
    expect(states(model, 1)).toEqual(['1 waiting', '2 done', '3 waiting']);
    const next = apply(model, { type: 'frame', jobId: 1, frame: sampleFrame(1, 'failed') });
    expect(states(next, 1)).toEqual(['1 failed', '2 done', '3 waiting']);
    // The list is changed in place; that it has changed shows by another table.
    expect(next.frames.get(1)).not.toBe(model.frames.get(1));
    expect(next.frames.get(1)).toMatchObject({ changed: [2, 2, 1] });
  });

  it('does not ask for frames again that it could not have, until others have been asked for', () => {
    let model = failFrames(awaitFrames(loaded({ jobs: [sampleJob()] }), 1), 1);
    expect(model.frames.get(1)).toEqual({ kind: 'failed' });
    model = apply(model, { type: 'frame', jobId: 1, frame: sampleFrame(1, 'done') });
    expect([...awaitFrames(model, 2).frames.keys()]).toEqual([2]);
    expect(failFrames(model, 3)).toBe(model);
  });

  it('keeps the frames of the jobs looked at last', () => {
    let model = loaded({ jobs: Array.from({ length: 9 }, (_, index) => sampleJob({ id: index + 1 })) });
    for (let id = 1; id <= 9; id++) model = acceptFrames(awaitFrames(model, id), id, [sampleFrame(1)]);
    expect([...model.frames.keys()]).toEqual([4, 5, 6, 7, 8, 9]);
  });

  it('lets go of frames of jobs that nobody looks at, and of lists that come too late', () => {
    const model = apply(loaded({ jobs: [sampleJob()] }), { type: 'frame', jobId: 1, frame: sampleFrame(1, 'done') });
    expect(model.frames.size).toBe(0);
    expect(acceptFrames(model, 1, [sampleFrame(1)]).frames.size).toBe(0);
  });
});
