import { expect, it } from 'vitest';
import { createQueuePace } from '../../../src/main/statistics/queue-pace';

it('is known from the second frame on', () => {
  const pace = createQueuePace();
  expect(pace.framesPerMinute(0)).toBeNull();
  pace.written(1_000);
  expect(pace.framesPerMinute(1_500)).toBeNull();
  pace.written(2_000);
  expect(pace.framesPerMinute(2_000)).toBe(60);
});

it('stays while the next frame is not due, then goes down as long as none comes', () => {
  const pace = createQueuePace();
  for (let frame = 0; frame <= 4; frame++) pace.written(frame * 1_000);
  expect(pace.framesPerMinute(4_999)).toBe(60);
  expect(pace.framesPerMinute(5_000)).toBe(60);
  expect(pace.framesPerMinute(10_000)).toBe(30);
  expect(pace.framesPerMinute(300_000)).toBe(1);
});

it('follows the last frames only, and begins anew after a pause', () => {
  const pace = createQueuePace();
  for (let frame = 0; frame < 50; frame++) pace.written(frame * 10_000);
  for (let frame = 0; frame < 24; frame++) pace.written(500_000 + frame * 500);
  expect(pace.framesPerMinute(511_500)).toBeCloseTo(120);
  pace.reset();
  pace.written(900_000);
  expect(pace.framesPerMinute(900_000)).toBeNull();
});
