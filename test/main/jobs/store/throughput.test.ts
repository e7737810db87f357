import { expect, it } from 'vitest';
import { createThroughput } from '../../../../src/main/jobs/store/throughput';

it('is not known before two frames were written at different times', () => {
  const throughput = createThroughput();
  expect(throughput.framesPerMinute()).toBeNull();
  throughput.written(1_000);
  expect(throughput.framesPerMinute()).toBeNull();
  throughput.written(1_000);
  expect(throughput.framesPerMinute()).toBeNull();
  throughput.written(4_000);
  expect(throughput.framesPerMinute()).toBe(40);
});

it('follows the last 24 frames', () => {
  const throughput = createThroughput();
  for (let frame = 0; frame < 100; frame++) throughput.written(frame * 60_000);
  expect(throughput.framesPerMinute()).toBe(1);
  for (let frame = 1; frame <= 24; frame++) throughput.written(99 * 60_000 + frame * 1_000);
  expect(throughput.framesPerMinute()).toBe(60);
});
