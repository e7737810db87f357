import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { ActiveJob } from '../../../../src/main/jobs/active-job';
import { SceneGoneError } from '../../../../src/main/jobs/output/output-volume';
import { DeferredJobs } from '../../../../src/main/jobs/scheduling/deferred-jobs';
import { makeParts } from '../../../helpers/queue-parts';

const gone = new SceneGoneError('/mnt/stick/a.glb', '/mnt/stick');

/** Scenes that are looked for at once: what the looks find, in turn. `back` settles with the first job that may go on. */
async function makeDeferred(looks: readonly Error[] = []) {
  const parts = makeParts();
  const left = [...looks];
  let onBack: (id: number) => void = () => undefined;
  const back = new Promise<number>((resolve) => (onBack = resolve));
  let onLooked: () => void = () => undefined;
  const looked = new Promise<void>((resolve) => (onLooked = resolve));
  const told: (string | null)[] = [];
  const deferred = new DeferredJobs({
    ...parts,
    obstacles: { set: (_id, text) => told.push(text) },
    check() {
      onLooked();
      const error = left.shift();
      return error ? Promise.reject(error) : Promise.resolve();
    },
    interval: 1,
    onBack,
  });
  onTestFinished(() => deferred.close());
  return { ...parts, deferred, active: await parts.begin(), left, reasons: told, back, looked };
}

describe('a job whose scene is away', () => {
  it('waits, and says for what, until it is found', async () => {
    const { deferred, active, left, reasons, back } = await makeDeferred([gone, gone]);
    expect([deferred.passesOver(active), deferred.passesOver(undefined)]).toEqual([false, false]);
    deferred.wait(active, gone);
    expect(deferred.passesOver(active)).toBe(true);
    expect(await back).toBe(active.id);
    expect([deferred.passesOver(active), left]).toEqual([false, []]);
    const reason = 'the disk or share at /mnt/stick to be mounted again: its scene /mnt/stick/a.glb is there';
    expect(reasons).toEqual([reason, reason, reason, null]);
  });

  it('is queued again once the frames that were in work are through', async () => {
    const { deferred, active, store, inWork, handOut } = await makeDeferred();
    const held = handOut(active, 1);
    deferred.wait(active, gone);
    deferred.passesOver(active);
    expect([store.job(1)!.state, held.controller.signal.aborted]).toEqual(['rendering', false]);
    store.tries.done(held, { file: '/out/1.png', seconds: 1 });
    deferred.settle(active);
    expect(store.job(1)!.state).toBe('queued');
    inWork.end(held);
  });

  it('waits for what may pass, twice as long each time until a frame of it is rendered', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const { deferred, active, reasons } = await makeDeferred();
    const waited = async (): Promise<number> => {
      deferred.waitAWhile(active, 'its disk');
      let intervals = 0;
      for (; deferred.passesOver(active); intervals++) {
        // As a frame does that had begun before.
        deferred.waitAWhile(active, 'its disk');
        await vi.advanceTimersByTimeAsync(1);
      }
      return intervals;
    };
    const times: number[] = [];
    for (let time = 0; time < 6; time++) times.push(await waited());
    expect(times).toEqual([1, 2, 4, 8, 16, 16]);
    active.rendered++;
    expect(await waited()).toBe(1);
    expect(reasons.slice(0, 2)).toEqual(['its disk', null]);
  });

  it('goes on where something else is found to be wrong, which is seen to then', async () => {
    const { deferred, active, back } = await makeDeferred([new Error('The output is gone, too.')]);
    deferred.wait(active, gone);
    expect(await back).toBe(active.id);
  });

  it('waits no longer with other settings, as its scene may be another', async () => {
    const { deferred, active } = await makeDeferred();
    deferred.wait(active, gone);
    active.settings = { ...active.settings };
    expect(deferred.passesOver(active)).toBe(false);
  });

  it('is looked after no more once it has ended', async () => {
    const { deferred, active, states, begin, reasons, back, looked } = await makeDeferred([gone]);
    deferred.wait(active, gone);
    states.finish(active.id, 'cancelled', 'cancelled by the user');
    await looked;
    const next: ActiveJob = await begin();
    deferred.wait(next, gone);
    expect(await back).toBe(next.id);
    expect(reasons).toHaveLength(3);
    deferred.wait(active, gone);
    expect(reasons).toHaveLength(3);
  });
});
