import { expect, test } from 'vitest';
import type { MetricFamily } from '../../../src/shared/addon-protocol';
import { createCollector } from '../../../src/main/metrics/collect';

const gauge = (name: string, value: number): MetricFamily => ({
  name,
  help: 'h',
  type: 'gauge',
  values: [{ value, labels: {} }],
});

test('collects all parts at once; one that fails is left out, and told of once', async () => {
  const reports: string[] = [];
  let broken = true;
  const collect = createCollector(
    [
      { name: 'the host', families: async () => [gauge('a', 1)] },
      { name: 'worker 1', families: async () => (broken ? Promise.reject(new Error('gone')) : [gauge('b', 2)]) },
      { name: 'worker 2', families: async () => [gauge('c', 3), gauge('a', 9)] },
    ],
    (text) => reports.push(text),
  );
  const names = async (): Promise<string[]> =>
    (await collect()).map((family) => `${family.name}=${family.values.map(({ value }) => value).join()}`);
  expect(await names()).toEqual(['a=1', 'c=3']);
  expect(await names()).toEqual(['a=1', 'c=3']);
  expect(reports).toEqual([
    'The metrics of worker 1 are left out: gone',
    'A series of the metric “a” of worker 2 is left out: the host has the same one.',
  ]);
  broken = false;
  expect(await names()).toEqual(['a=1', 'b=2', 'c=3']);
});
