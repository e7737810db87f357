import { expect, it, onTestFinished } from 'vitest';
import { createTimesLeft } from '../../../../src/main/jobs/eta/times-left';
import { JobStore } from '../../../../src/main/jobs/store/job-store';
import { paperJob } from '../../../helpers/paper-queue';
import { temporaryFolder } from '../../../helpers/temporary-folder';

it('adds to a job what is known of its time left, and sums up the queue', () => {
  const folder = temporaryFolder();
  const store = new JobStore(folder);
  onTestFinished(() => store.close());
  const times = createTimesLeft(store);
  expect(times.queue()).toBeNull();
  const { id } = store.add(paperJob(folder, { frames: '1-20' }));
  expect(times.addTo(store.job(id)!)).toMatchObject({ id, secondsLeft: null, secondsLeftP90: null });
  store.setState(id, 'rendering', null);
  for (let frame = 1; frame <= 10; frame++) {
    const { lease } = store.tries.start(id, frame, 1);
    times.frame(store.job(id)!, store.tries.done({ jobId: id, frame, lease }, { file: '/out/1.png', seconds: 3 }));
  }
  const { secondsLeft, secondsLeftP90, ...others } = times.addTo(store.job(id)!);
  expect(others).toEqual(store.job(id));
  expect(secondsLeft).toBeGreaterThan(20);
  expect(secondsLeft).toBeLessThan(40);
  expect(secondsLeftP90).toBeGreaterThanOrEqual(secondsLeft!);
});
