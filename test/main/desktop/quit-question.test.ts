import { expect, it } from 'vitest';
import { quitQuestion } from '../../../src/main/desktop/quit-question';
import type { QueueInfo } from '../../../src/shared/jobs';
import { sampleJob, sampleState } from '../../helpers/samples';

it.each<[string[], QueueInfo['state'], ReturnType<typeof quitQuestion>]>([
  [[], 'running', null],
  [['completed', 'paused', 'failed'], 'running', null],
  [['queued', 'rendering'], 'running', { kind: 'rendering' }],
  // It renders until the frame or the job is done.
  [['queued', 'rendering'], 'after-frame', { kind: 'rendering' }],
  [['rendering'], 'paused', { kind: 'rendering' }],
  [['queued', 'queued', 'completed'], 'running', { kind: 'waiting', waiting: 2 }],
  [['queued', 'queued'], 'paused', null],
  [['queued'], 'after-frame', null],
])('where jobs are %j and the queue is %s, what is asked before the end is %j', (states, state, expected) => {
  const queue = { ...sampleState().queue, state };
  const jobs = states.map((one, at) => sampleJob({ id: at + 1, state: one as never }));
  expect(quitQuestion(sampleState({ jobs, queue }))).toEqual(expected);
});

it('asks before a restart only where frames in work would start over', () => {
  const inState = (state: 'queued' | 'rendering') => sampleState({ jobs: [sampleJob({ state })] });
  expect(quitQuestion(inState('rendering'), true)).toEqual({ kind: 'restarting' });
  expect(quitQuestion(inState('queued'), true)).toBeNull();
  // Where the queue is paused at a start, nothing goes on by itself.
  const paused = (state: 'queued' | 'rendering') => ({ ...inState(state), preferences: { 'queue.onStart': 'paused' } });
  expect(quitQuestion(paused('rendering'), true)).toEqual({ kind: 'rendering' });
  expect(quitQuestion(paused('queued'), true)).toEqual({ kind: 'waiting', waiting: 1 });
});

it('asks nothing where the state is not known', () => expect(quitQuestion(undefined)).toBeNull());
