import { expect, it } from 'vitest';
import { checkFrameMove, checkJobMove, mayMoveFrame, mayMoveJob } from '../../../../src/main/jobs/store/transitions';
import { FINAL_JOB_STATES, frameStateSchema, jobStateSchema } from '../../../../src/shared/jobs';

it('lets a job that has ended only be queued again', () => {
  for (const from of FINAL_JOB_STATES)
    expect(jobStateSchema.options.filter((to) => mayMoveJob(from, to))).toEqual(['queued']);
});

it('lets a frame come to an end only from a worker, or be skipped', () => {
  for (const to of ['done', 'failed'] as const)
    expect(frameStateSchema.options.filter((from) => mayMoveFrame(from, to))).toEqual(['rendering']);
  expect(frameStateSchema.options.filter((from) => mayMoveFrame(from, 'skipped'))).toEqual(['waiting', 'rendering']);
});

it('lets every state be left and reached', () => {
  for (const state of jobStateSchema.options) {
    expect(jobStateSchema.options.some((to) => mayMoveJob(state, to))).toBe(true);
    expect(jobStateSchema.options.some((from) => mayMoveJob(from, state))).toBe(true);
  }
});

it('refuses what is not in its tables, and an end without a reason', () => {
  expect(() => checkJobMove(4, 'completed', 'rendering', null)).toThrow(
    'Job 4 cannot become rendering: it is completed.',
  );
  expect(() => checkJobMove(4, 'rendering', 'failed', null)).toThrow('Job 4 cannot become failed without a reason.');
  expect(() => checkJobMove(4, 'paused', 'paused', null)).not.toThrow();
  expect(() => checkFrameMove(4, 7, 'done', 'rendering')).toThrow(
    'Frame 7 of job 4 cannot become rendering: it is done.',
  );
});
