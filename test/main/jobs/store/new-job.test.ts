import { expect, it } from 'vitest';
import { framesOf, rowOf } from '../../../../src/main/jobs/store/new-job';
import { paperJob } from '../../../helpers/paper-queue';

it('renders a job’s frames in the order that its settings ask for', () => {
  const frames = (order: 'list' | 'sequence' | 'middle-out') =>
    framesOf(paperJob('/data', { frames: '5,1-3', order }).settings);
  expect([frames('list'), frames('sequence'), frames('middle-out')]).toEqual([
    [5, 1, 2, 3],
    [1, 2, 3, 5],
    [2, 3, 1, 5],
  ]);
});

it('lets a job wait with all of its frames, and leaves nothing open that was not said', () => {
  const job = paperJob('/data');
  expect(rowOf(job, 4, 3)).toMatchObject({
    state: 'queued',
    place: 4,
    priority: 0,
    comes_after: '[]',
    start_at: null,
    warnings: '[]',
    fingerprint: null,
    folder: '/data/out',
    total: 3,
    waiting: 3,
    rendering: 0,
  });
});

it('keeps what was said, each warning once', () => {
  const job = { ...paperJob('/data'), priority: 2, after: [3, 1], startAt: 9, fingerprint: 'red', folder: '/resolved' };
  expect(rowOf({ ...job, warnings: ['One.', 'Two.', 'One.'] }, 1, 3)).toMatchObject({
    priority: 2,
    comes_after: '[3,1]',
    start_at: 9,
    fingerprint: 'red',
    folder: '/resolved',
    warnings: '["One.","Two."]',
  });
});
