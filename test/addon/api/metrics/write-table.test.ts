import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { expect, test } from 'vitest';
import type { CollectedFamily } from '../../../../src/addon/api/context';
import { familyOf } from '../../../../src/addon/api/metrics/metric-table';
import { createRegistryReader } from '../../../../src/addon/api/metrics/read-registry';
import { writeExposition } from '../../../../src/addon/api/metrics/exposition';

const FORMATS = ['text', 'openmetrics'] as const;

/** The same families without their tables, written series by series. */
const slowly = (families: readonly CollectedFamily[]): CollectedFamily[] => families.map((family) => ({ ...family }));

function checkBoth(families: readonly CollectedFamily[]): void {
  for (const format of FORMATS)
    expect(writeExposition(families, format).toString()).toBe(writeExposition(slowly(families), format).toString());
}

/** Numbers that look random and are the same at every run. */
function numbers(): () => number {
  let state = 1;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

test.each(['plain', 'ä “ü”', ''])(
  'the bytes are those of the slow way after any change of values and series, with labels such as “%s”',
  async (label) => {
    const registry = new Registry();
    const registers = [registry];
    const histogram = new Histogram({
      name: 'h_seconds',
      help: 'H',
      labelNames: ['x', 'y'],
      buckets: [0.01, 0.5, 1, 10],
      registers,
    });
    const counter = new Counter({ name: 'c_total', help: 'C', labelNames: ['x'], registers });
    const gauge = new Gauge({ name: 'g', help: 'G', labelNames: ['x'], registers });
    new Gauge({ name: 'alone', help: 'G', registers }).set(-0);
    new Histogram({ name: 'alone_seconds', help: 'H', registers }).observe(3);
    const read = createRegistryReader(registry);
    const random = numbers();
    const odd = [0, -0, NaN, Infinity, -Infinity, 1e9, 999_999_999, 1e21, -1.2345678901234568e-300, 0.1 + 0.2];
    for (let i = 0; i < 100; i++) {
      histogram.observe({ x: `${label}${i}`, y: i }, 1);
      counter.inc({ x: `${label}${i}` });
      gauge.set({ x: `${label}${i}` }, i);
    }
    checkBoth(await read());
    for (let step = 0; step < 60; step++) {
      for (let change = 0; change < 5; change++) {
        const i = Math.floor(random() * 100);
        histogram.observe({ x: `${label}${i}`, y: i }, random() * 20);
        counter.inc({ x: `${label}${i}` }, Math.floor(random() * 10 ** (step % 12)));
        gauge.set({ x: `${label}${i}` }, odd[Math.floor(random() * odd.length)]!);
      }
      if (step % 20 === 10) histogram.remove({ x: `${label}${step}`, y: step });
      checkBoth(await read());
    }
  },
);

test('unchanged series are not written again, and older bytes stay as they were', async () => {
  const series = Array.from({ length: 70 }, (_, i) => `x="${i}"`);
  const table = (values: number[]): CollectedFamily =>
    familyOf({
      name: 'a_total',
      help: 'A',
      type: 'counter',
      created: 1.5,
      labelNames: ['x'],
      series,
      bounds: null,
      values: Float64Array.from(values),
    });
  const zeros = series.map(() => 0);
  const first = writeExposition([table(zeros)], 'openmetrics');
  const copy = first.toString();
  const second = writeExposition([table(zeros.with(3, 123_456))], 'openmetrics').toString();
  expect(first.toString()).toBe(copy);
  expect(second).toBe(copy.replace('a_total{x="3"} 0\n', 'a_total{x="3"} 123456\n'));
  expect(second).toContain('a_total{x="3"} 123456\na_created{x="3"} 1.5\n');
  expect(writeExposition([table(zeros)], 'openmetrics').toString()).toBe(copy);
  expect(writeExposition([table(zeros)], 'text').toString()).not.toContain('_created');
});

test('sums below 0 come and go as in the slow way', async () => {
  const registry = new Registry();
  const registers = [registry];
  const below = new Histogram({ name: 'below', help: 'H', labelNames: ['x'], buckets: [-1, 1], registers });
  const above = new Histogram({ name: 'above', help: 'H', labelNames: ['x'], buckets: [1], registers });
  const read = createRegistryReader(registry);
  for (const value of [3, -9, 2, 10]) {
    for (let x = 0; x < 40; x++) below.observe({ x }, 1);
    for (let x = 0; x < 40; x++) above.observe({ x }, 1);
    above.observe({ x: 7 }, value);
    const families = await read();
    checkBoth(families);
    const text = writeExposition(families, 'openmetrics').toString();
    expect(text).not.toMatch(/^below_(?:sum|count)/m);
    expect(/^above_sum/m.test(text)).toBe(
      (await above.get()).values.every(({ value: sum, metricName }) => metricName !== 'above_sum' || sum >= 0),
    );
  }
});
