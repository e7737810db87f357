import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { ActiveJob } from '../../../../src/main/jobs/active-job';
import { SceneGoneError } from '../../../../src/main/jobs/output/output-volume';
import { AbsentScenes } from '../../../../src/main/jobs/scheduling/deferred-jobs';
import { makeParts } from '../../../helpers/queue-parts';

const gone = new SceneGoneError('/mnt/stick/a.glb', '/mnt/stick');

/** Scenes that are looked for at once: what the looks find, in turn. `back` settles with the first job that may go on. */
async function makeAbsent(looks: readonly Error[] = []) {
  const parts = makeParts();
  const left = [...looks];
  let onBack: (id: number) => void = () => undefined;
  const back = new Promise<number>((resolve) => (onBack = resolve));
  let onLooked: () => void = () => undefined;
  const looked = new Promise<void>((resolve) => (onLooked = resolve));
  const told: (string | null)[] = [];
  const absent = new AbsentScenes({
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
  onTestFinished(() => absent.close());
  return { ...parts, absent, active: await parts.begin(), left, reasons: told, back, looked };
}

describe('a job whose scene is away', () => {
  it('waits, and says for what, until it is found', async () => {
    const { absent, active, left, reasons, back } = await makeAbsent([gone, gone]);
    expect([absent.passesOver(active), absent.passesOver(undefined)]).toEqual([false, false]);
    absent.wait(active, gone);
    expect(absent.passesOver(active)).toBe(true);
    expect(await back).toBe(active.id);
    expect([absent.passesOver(active), left]).toEqual([false, []]);
    const reason = 'the disk or share at /mnt/stick to be mounted again: its scene /mnt/stick/a.glb is there';
    expect(reasons).toEqual([reason, reason, reason, null]);
  });

  it('is queued again once the frames that were in work are through', async () => {
    const { absent, active, store, inWork, handOut } = await makeAbsent();
    const held = handOut(active, 1);
    absent.wait(active, gone);
    absent.passesOver(active);
    expect([store.job(1)!.state, held.controller.signal.aborted]).toEqual(['rendering', false]);
    store.tries.done(held, { file: '/out/1.png', seconds: 1 });
    absent.settle(active);
    expect(store.job(1)!.state).toBe('queued');
    inWork.end(held);
  });

  it('waits for what may pass, twice as long each time until a frame of it is rendered', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const { absent, active, reasons } = await makeAbsent();
    const waited = async (): Promise<number> => {
      absent.waitAWhile(active, 'its disk');
      let intervals = 0;
      for (; absent.passesOver(active); intervals++) {
        // As a frame does that had begun before.
        absent.waitAWhile(active, 'its disk');
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
    const { absent, active, back } = await makeAbsent([new Error('The output is gone, too.')]);
    absent.wait(active, gone);
    expect(await back).toBe(active.id);
  });

  it('waits no longer with other settings, as its scene may be another', async () => {
    const { absent, active } = await makeAbsent();
    absent.wait(active, gone);
    active.settings = { ...active.settings };
    expect(absent.passesOver(active)).toBe(false);
  });

  it('is looked after no more once it has ended', async () => {
    const { absent, active, states, begin, reasons, back, looked } = await makeAbsent([gone]);
    absent.wait(active, gone);
    states.finish(active.id, 'cancelled', 'cancelled by the user');
    await looked;
    const next: ActiveJob = await begin();
    absent.wait(next, gone);
    expect(await back).toBe(next.id);
    expect(reasons).toHaveLength(3);
    absent.wait(active, gone);
    expect(reasons).toHaveLength(3);
  });
});
