import { expect, test } from 'vitest';
import { withoutTimes } from '../../../../src/addon/prometheus/outputs/without-times';
import type { MetricFamily } from '../../../../src/addon/api/context';

test('samples lose their times, and families without any stay the same objects', () => {
  const timed: MetricFamily = {
    name: 'a',
    help: 'h',
    type: 'gauge',
    values: [
      { value: 1, labels: {}, timestamp: 5 },
      { value: 2, labels: { x: '1' } },
    ],
  };
  const timeless: MetricFamily = { ...timed, name: 'b', values: [{ value: 1, labels: {} }] };
  const [first, second] = withoutTimes([timed, timeless]);
  expect(first!.values).toEqual([
    { value: 1, labels: {} },
    { value: 2, labels: { x: '1' } },
  ]);
  expect(second).toBe(timeless);
});
