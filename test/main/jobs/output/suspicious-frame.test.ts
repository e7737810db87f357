import { expect, it } from 'vitest';
import { createFrameSpeeds, suspicionOf } from '../../../../src/main/jobs/output/suspicious-frame';

it('calls a frame too fast once it knows what the job’s frames take', () => {
  const speeds = createFrameSpeeds();
  expect([0.1, 20, 20, 20, 20].map((seconds) => speeds.seen(seconds))).toEqual([null, null, null, null, null]);
  expect(speeds.seen(1.234)).toBe('It took 1.2 s, where frames of this job take about 20 s.');
  expect(speeds.seen(3)).toBeNull();
});

it('says nothing of frames that are short anyway', () => {
  const speeds = createFrameSpeeds();
  for (let frame = 0; frame < 20; frame++) speeds.seen(0.9);
  expect(speeds.seen(0.001)).toBeNull();
});

it.each([
  [null, null],
  [{ uniform: false, black: false, transparent: false }, null],
  [{ uniform: true, black: false, transparent: false }, 'The image has one colour only.'],
  [{ uniform: true, black: true, transparent: false }, 'The image is black.'],
  [{ uniform: true, black: true, transparent: true }, 'The image is fully transparent.'],
])('of pixels %j it says %j', (pixels, expected) => expect(suspicionOf(pixels)).toBe(expected));
