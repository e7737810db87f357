import { describe, expect, it, onTestFinished } from 'vitest';
import { createRunnableJobs } from '../../../../src/main/jobs/scheduling/runnable-jobs';
import { JobStore } from '../../../../src/main/jobs/store/job-store';
import type { NewJob } from '../../../../src/main/jobs/store/new-job';
import { paperJob } from '../../../helpers/paper-queue';
import { temporaryFolder } from '../../../helpers/temporary-folder';

function opened() {
  const store = new JobStore(temporaryFolder());
  let tell: (ids: readonly number[]) => void = () => undefined;
  const due = new Promise<readonly number[]>((resolve) => (tell = resolve));
  const runnable = createRunnableJobs(store, (ids) => tell(ids));
  onTestFinished(() => {
    runnable.close();
    store.close();
  });
  const add = (more: Partial<NewJob> = {}): number => {
    const { id } = store.add({ ...paperJob('/paper'), ...more });
    runnable.rank(id);
    return id;
  };
  return { store, runnable, due, add };
}

describe('the jobs whose turn may come', () => {
  it('are those that are queued or rendering, better priority first', () => {
    const { store, runnable, add } = opened();
    const [first, second, better] = [add(), add(), add({ priority: 1 })];
    expect(runnable.ids()).toEqual([better, first, second]);
    store.setState(first, 'rendering', null);
    store.setState(second, 'paused', 'why');
    for (const id of [first, second]) runnable.rank(id);
    expect(runnable.ids()).toEqual([better, first]);
    store.setState(second, 'queued', null);
    runnable.rank(second);
    runnable.remove(better);
    expect(runnable.ids()).toEqual([first, second]);
  });

  it('are not those that come after a job that has not completed', () => {
    const { store, runnable, add } = opened();
    const first = add();
    const second = add({ after: [first] });
    expect([runnable.ids(), runnable.idle]).toEqual([[first], false]);
    store.setState(first, 'rendering', null);
    store.setState(first, 'completed', null);
    for (const id of [first, second]) runnable.rank(id);
    expect(runnable.ids()).toEqual([second]);
  });

  it('are known from the store when it starts', () => {
    const { store, runnable } = opened();
    const { id } = store.add(paperJob('/paper'));
    expect([runnable.ids(), runnable.idle]).toEqual([[], true]);
    runnable.start();
    expect(runnable.ids()).toEqual([id]);
  });
});

describe('a job with a start time', () => {
  it('is told when it has come, and until then the queue is not idle', async () => {
    const { runnable, due, add } = opened();
    runnable.start();
    const id = add({ startAt: Date.now() + 50 });
    expect([runnable.ids(), runnable.idle]).toEqual([[], false]);
    expect(await due).toEqual([id]);
    expect(runnable.ids()).toEqual([id]);
  });

  it('that is removed is waited for no more', () => {
    const { runnable, add } = opened();
    const id = add({ startAt: Date.now() + 1_000_000 });
    expect(runnable.idle).toBe(false);
    runnable.remove(id);
    expect(runnable.idle).toBe(true);
  });
});
