import { Counter, Gauge, Histogram } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { counted, timed, tracked } from '../../../../src/addon/api/metrics/measured-functions';

const registers: [] = [];
const unreported = (text: string): never => expect.unreachable(text);
const counter = (): Counter => new Counter({ name: 'x_total', help: 'x', registers });
const gauge = (): Gauge => new Gauge({ name: 'x', help: 'x', registers });
const value = async (metric: Counter | Gauge): Promise<number> => (await metric.get()).values[0]!.value;
const boom = new Error('boom');

describe('a wrapped function', () => {
  it('keeps this, arguments, result, name and length', () => {
    const shop = {
      rate: 3,
      price(count: number, extra: number): number {
        return this.rate * count + extra;
      },
    };
    const wrapped = { rate: 4, price: tracked(gauge(), shop.price, unreported) };
    expect(wrapped.price(2, 1)).toBe(9);
    expect([wrapped.price.name, wrapped.price.length]).toEqual(['price', 2]);
  });

  it('throws what the function throws, and rejects with what it rejects with', async () => {
    const thrower = counted(
      counter(),
      () => {
        throw boom;
      },
      undefined,
      unreported,
    );
    expect(thrower).toThrow(boom);
    const rejecter = counted(counter(), () => Promise.reject(boom), undefined, unreported);
    await expect(rejecter()).rejects.toBe(boom);
  });

  it('works on where a metric fails, and says so', () => {
    const reports: string[] = [];
    const wrapped = counted(
      {
        inc() {
          throw new Error('no labels');
        },
      },
      function failing() {
        throw boom;
      },
      undefined,
      (text) => reports.push(text),
    );
    expect(wrapped).toThrow(boom);
    expect(reports).toEqual(['A metric of the function “failing” failed: no labels']);
  });

  it('leaves a rejection that nobody handles unhandled, as it is without', async () => {
    const unhandled = new Promise((resolve) => {
      const before = process.listeners('unhandledRejection');
      process.removeAllListeners('unhandledRejection');
      process.once('unhandledRejection', (reason) => {
        for (const listener of before) process.on('unhandledRejection', listener);
        resolve(reason);
      });
    });
    void timed(gauge(), () => Promise.reject(boom), unreported)();
    expect(await unhandled).toBe(boom);
  });
});

describe('exceptions', () => {
  it('are counted once each, thrown or rejected, and results are not', async () => {
    const failures = counter();
    const sync = counted(
      failures,
      (fail: boolean) => {
        if (fail) throw boom;
        return 1;
      },
      undefined,
      unreported,
    );
    const async = counted(
      failures,
      async (fail: boolean) => {
        if (fail) throw boom;
        return 1;
      },
      undefined,
      unreported,
    );
    expect(sync(false)).toBe(1);
    expect(() => sync(true)).toThrow();
    expect(await async(false)).toBe(1);
    await expect(async(true)).rejects.toBe(boom);
    expect(await value(failures)).toBe(2);
  });

  it('are counted where they are of the kind that is asked for', () => {
    const failures = counter();
    const only = counted(
      failures,
      (error: Error) => {
        throw error;
      },
      (error) => error instanceof TypeError,
      unreported,
    );
    expect(() => only(boom)).toThrow(boom);
    expect(() => only(new TypeError('other'))).toThrow('other');
    return expect(value(failures)).resolves.toBe(1);
  });
});

it('calls in progress are counted until they have settled, however they end', async () => {
  const running = gauge();
  const finish: (() => void)[] = [];
  const work = tracked(
    running,
    (fail: boolean) => new Promise<void>((resolve, reject) => finish.push(fail ? () => reject(boom) : resolve)),
    unreported,
  );
  const calls = [work(false), work(true)];
  expect(await value(running)).toBe(2);
  finish[0]!();
  await calls[0];
  expect(await value(running)).toBe(1);
  finish[1]!();
  await expect(calls[1]).rejects.toBe(boom);
  expect(await value(running)).toBe(0);
  expect(
    tracked(
      running,
      () => {
        throw boom;
      },
      unreported,
    ),
  ).toThrow(boom);
  expect(await value(running)).toBe(0);
});

it('durations are observed once a call, in seconds, failed ones too; a gauge has the last', async () => {
  const histogram = new Histogram({ name: 'x_seconds', help: 'x', labelNames: ['kind'], buckets: [10], registers });
  const wait = timed(
    histogram.labels({ kind: 'a' }),
    (fail: boolean) => new Promise((resolve, reject) => setTimeout(() => (fail ? reject(boom) : resolve(1)), 20)),
    unreported,
  );
  await wait(false);
  await expect(wait(true)).rejects.toBe(boom);
  const { values } = await histogram.get();
  const of = (suffix: string): number => values.find(({ metricName }) => metricName === `x_seconds${suffix}`)!.value;
  expect(of('_count')).toBe(2);
  // A timer may fire a millisecond early.
  expect(of('_sum')).toBeGreaterThan(0.03);
  expect(of('_sum')).toBeLessThan(20);
  const last = gauge();
  timed(last, () => 1, unreported)();
  expect(await value(last)).toBeGreaterThan(0);
});
