import { expect, it } from 'vitest';
import { createRenderStatus, type RenderStatus } from '../../../src/main/desktop/render-status';
import type { Job } from '../../../src/shared/jobs';
import { sampleJob, sampleState } from '../../helpers/samples';

const frames = (total: number, done: number): Job['frames'] => ({
  total,
  waiting: total - done,
  rendering: 0,
  done,
  failed: 0,
  skipped: 0,
});

it('tells what is rendering, how far it is, and whether the queue is paused', () => {
  const shown: RenderStatus[] = [];
  const { see } = createRenderStatus((status) => shown.push(status));
  const job = (id: number, done: number, change: Partial<Job> = {}): void =>
    see({
      type: 'job',
      job: sampleJob({ id, name: `shot ${id}`, state: 'rendering', frames: frames(48, done), ...change }),
    });
  const queue = (state: 'running' | 'paused'): void => see({ type: 'queue', queue: { ...sampleState().queue, state } });

  job(1, 0, { state: 'queued' });
  job(1, 23);
  job(1, 23);
  job(2, 1, { name: 'a'.repeat(38) + '😀'.repeat(9), frames: frames(1, 0) });
  job(1, 48, { state: 'completed' });
  queue('paused');
  see({ type: 'job-removed', id: 2 });
  queue('running');
  expect(shown).toEqual([
    { line: 'Nothing is rendering', paused: false },
    { line: 'shot 1: 23 of 48 frames, 47 %', paused: false },
    { line: '2 jobs: 23 of 49 frames, 46 %', paused: false },
    { line: `${'a'.repeat(38)}…: 0 of 1 frame, 0 %`, paused: false },
    { line: `${'a'.repeat(38)}…: 0 of 1 frame, 0 %`, paused: true },
    { line: 'The queue is paused', paused: true },
    { line: 'Nothing is rendering', paused: false },
  ]);
});
