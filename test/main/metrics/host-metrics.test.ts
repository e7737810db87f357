import { expect, test } from 'vitest';
import { metricFamilySchema } from '../../../src/shared/addon-protocol';
import { createHostMetrics } from '../../../src/main/metrics/host-metrics';

test('has the standard metrics of this process, also when two hosts live in it', async () => {
  const [one, two] = [createHostMetrics(), createHostMetrics()];
  for (const metrics of [one, two]) {
    const families = await metrics.families();
    const names = families.map((family) => family.name);
    expect(names).toEqual(
      expect.arrayContaining([
        'process_cpu_user_seconds_total',
        'process_resident_memory_bytes',
        'process_start_time_seconds',
        'nodejs_eventloop_lag_seconds',
        'nodejs_version_info',
      ]),
    );
    for (const family of families) expect(metricFamilySchema.safeParse(family).error).toBeUndefined();
    const memory = families.find((family) => family.name === 'process_resident_memory_bytes')!.values[0]!.value;
    expect(memory / process.memoryUsage.rss()).toBeGreaterThan(0.5);
    expect(memory / process.memoryUsage.rss()).toBeLessThan(2);
  }
});

test('reads them once for all who ask within a quarter of a second, and anew later', async () => {
  const metrics = createHostMetrics();
  const first = await metrics.families();
  expect(await metrics.families()).toBe(first);
  const cpu = (families: typeof first): number =>
    families.find((family) => family.name === 'process_cpu_seconds_total')!.values[0]!.value;
  const before = cpu(first);
  const end = performance.now() + 300;
  while (performance.now() < end) JSON.stringify(first);
  expect(cpu(await metrics.families())).toBeGreaterThan(before);
});
