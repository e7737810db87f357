import { expect, it } from 'vitest';
import { createTaskbarProgress } from '../../../src/main/desktop/taskbar-progress';
import type { Job } from '../../../src/shared/jobs';
import { sampleJob } from '../../helpers/samples';

it('shows how far everything that renders is, and nothing once nothing does', () => {
  const shown: number[] = [];
  const { see } = createTaskbarProgress((share) => shown.push(share));
  const job = (id: number, done: number, state: Job['state'] = 'rendering'): void =>
    see({
      type: 'job',
      job: sampleJob({
        id,
        state,
        frames: { total: 1_000, waiting: 1_000 - done, rendering: 0, done, failed: 0, skipped: 0 },
      }),
    });
  job(1, 0, 'queued');
  expect(shown).toEqual([]);
  job(1, 0);
  job(1, 9);
  job(1, 500);
  job(2, 0);
  job(1, 1_000, 'completed');
  see({ type: 'job-removed', id: 2 });
  expect(shown).toEqual([0, 0.5, 0.25, 0, -1]);
});
