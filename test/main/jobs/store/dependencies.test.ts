import { expect, it } from 'vitest';
import { type EarlierJob, circleOf, waitOf } from '../../../../src/main/jobs/store/dependencies';
import type { JobState } from '../../../../src/shared/jobs';

const jobs =
  (states: Record<number, JobState>): ((id: number) => EarlierJob | null) =>
  (id) =>
    states[id] ? { id, name: `shot ${id}`, state: states[id] } : null;

it.each([
  [[], null, {}, null, true],
  [[1], null, { 1: 'completed' }, null, true],
  [[1], null, { 1: 'rendering' }, 'job 1 (shot 1) to complete', true],
  [[1], null, { 1: 'paused' }, 'job 1 (shot 1) to complete', false],
  [
    [1, 2],
    null,
    { 1: 'rendering', 2: 'failed' },
    'job 2 (shot 2), which failed: requeue it, or change what this job comes after',
    false,
  ],
  [
    [1],
    null,
    { 1: 'cancelled' },
    'job 1 (shot 1), which was cancelled: requeue it, or change what this job comes after',
    false,
  ],
  [[3], null, {}, 'job 3, which was removed before it completed: change what this job comes after', false],
  [[], 999, {}, null, true],
  [[], new Date(2026, 10, 21, 22, 5).getTime(), {}, 'its start time, 2026-11-21 22:05', true],
] as const)('after %j, not before %s, with %j: waits for %s', (after, startAt, states, text, endsByItself) => {
  expect(waitOf({ after, startAt }, jobs(states), 1_000)).toEqual(text === null ? null : { text, endsByItself });
});

it('finds jobs that would wait for each other', () => {
  const after: Record<number, number[]> = { 1: [], 2: [1], 3: [2], 4: [2, 3] };
  const of = (id: number): number[] => after[id] ?? [];
  expect(circleOf(1, [3], of)).toBe('1 → 3 → 2 → 1');
  expect(circleOf(1, [1], of)).toBe('1 → 1');
  expect(circleOf(4, [1, 3], of)).toBeNull();
  expect(circleOf(null, [4], of)).toBeNull();
});
