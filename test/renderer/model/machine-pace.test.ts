import { expect, it } from 'vitest';
import { type MachinePaces, addFrame, framesPerMinute } from '../../../src/renderer/model/machine-pace';
import { sampleFrame } from '../../helpers/samples';

const written = (paces: MachinePaces, machine: string | null, ...times: number[]): MachinePaces =>
  times.reduce((now, writtenAt) => addFrame(now, sampleFrame(1, 'done', { machine, writtenAt })), paces);

it('is the average over the last frames of a machine', () => {
  const paces = written(written(new Map(), 'left', 0, 2_000, 4_000), 'right', 0, 30_000);
  expect(framesPerMinute(paces, 'left')).toBe(30);
  expect(framesPerMinute(paces, 'right')).toBe(2);
});

it('is not known before there are two frames, nor of two at the same time', () => {
  expect(framesPerMinute(new Map(), 'left')).toBeNull();
  expect(framesPerMinute(written(new Map(), 'left', 5_000), 'left')).toBeNull();
  expect(framesPerMinute(written(new Map(), 'left', 5_000, 5_000), 'left')).toBeNull();
});

it('forgets frames of long ago, and all but the last thirty', () => {
  expect(framesPerMinute(written(new Map(), 'left', 0, 1_000_000, 1_060_000), 'left')).toBe(1);
  const many = written(new Map(), 'left', ...Array.from({ length: 90 }, (_value, index) => index * 100));
  expect(many.get('left')).toHaveLength(30);
});

it('takes no notice of frames that no machine wrote', () => {
  const none: MachinePaces = new Map();
  expect(written(none, null, 1_000)).toBe(none);
  expect(addFrame(none, sampleFrame(1, 'rendering', { machine: 'left' }))).toBe(none);
});
