import { expect, it } from 'vitest';
import { createProcessorMeter } from '../../../src/main/statistics/processor-meter';

const core = (user: number, idle: number) => ({ times: { user, nice: 0, sys: 0, idle, irq: 0 } });
const usage = (seconds: Readonly<Record<number, number>>) =>
  new Map(Object.entries(seconds).map(([slot, cpuSeconds]) => [Number(slot), { residentBytes: null, cpuSeconds }]));

it('reads parts of all cores since the last reading', () => {
  let cores = [core(0, 0), core(0, 0)];
  let now = 0;
  const meter = createProcessorMeter(
    () => cores,
    () => now,
  );
  const first = meter.read(usage({ 1: 5 }));
  expect([first.machine, first.slot(1)]).toEqual([null, null]);
  cores = [core(1_500, 500), core(1_000, 1_000)];
  now = 2_000;
  // Two seconds of two cores are four; worker 1 used one of them, worker 2 is new.
  const second = meter.read(usage({ 1: 6, 2: 3 }));
  expect([second.machine, second.slot(1), second.slot(2), second.slot(9)]).toEqual([0.625, 0.25, null, null]);
  // Another worker in the slot, and counters that moved on more than the clock.
  now = 2_001;
  const third = meter.read(usage({ 1: 0.5, 2: 9 }));
  expect([third.machine, third.slot(1), third.slot(2)]).toEqual([null, null, 1]);
});
