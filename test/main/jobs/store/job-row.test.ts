import { expect, it } from 'vitest';
import { JobEntry, toJob } from '../../../../src/main/jobs/store/job-row';
import { rowOf } from '../../../../src/main/jobs/store/new-job';
import { paperJob } from '../../../helpers/paper-queue';

const made = () => new JobEntry({ id: 7, ...rowOf({ ...paperJob('/data'), after: [3] }, 2, 3) });

it('reads settings and what a job comes after anew once they were written, and only then', () => {
  const entry = made();
  const before = [entry.settings, entry.after];
  entry.update({ state: 'paused' });
  expect([entry.settings, entry.after]).toEqual(before);
  expect([entry.settings === before[0], entry.after === before[1]]).toEqual([true, true]);
  entry.update({ settings: JSON.stringify({ ...entry.settings, samples: 99 }), comes_after: '[]' });
  expect([entry.settings.samples, entry.after]).toEqual([99, []]);
});

it('does not change a row that somebody has', () => {
  const entry = made();
  const { row } = entry;
  entry.update({ state: 'paused' });
  expect([row.state, entry.row.state]).toEqual(['queued', 'paused']);
});

it('is no job that settings of nobody’s could be read from', () => {
  const entry = made();
  entry.update({ settings: '{"scene":7}' });
  expect(() => entry.settings).toThrow();
});

it('shows a job with its own lists, which nobody else changes', () => {
  const entry = made();
  entry.update({ warnings: '["No texture."]', done: 1, waiting: 2, start_at: 5, last_frame: 4 });
  const job = toJob(entry, 'job 3 to complete');
  expect(job).toMatchObject({
    id: 7,
    state: 'queued',
    position: 2,
    after: [3],
    startAt: 5,
    waitsFor: 'job 3 to complete',
    warnings: ['No texture.'],
    frames: { total: 3, waiting: 2, rendering: 0, done: 1, failed: 0, skipped: 0 },
    lastFrame: 4,
    framesPerMinute: null,
  });
  job.after.push(9);
  expect(toJob(entry, null).after).toEqual([3]);
});
