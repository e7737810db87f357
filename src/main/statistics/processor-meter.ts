import { type CpuInfo, cpus } from 'node:os';
import type { WorkerUsage } from '../engines/render-engine';

/** How much of the processor was used since the last reading, as parts of all its cores: 0 to 1. */
export interface ProcessorReading {
  /** By every program of the machine; null at the first reading, and where it can't be read. */
  readonly machine: number | null;
  /** By the worker of a slot, with its processes; null at its first reading, and where it can't be read. */
  slot(slot: number): number | null;
}

/** Reads by how much the processor's counters have moved on. */
export interface ProcessorMeter {
  /** @param usage of the workers, by slot */
  read(usage: ReadonlyMap<number, WorkerUsage | null>): ProcessorReading;
}

/**
 * @param cores times of the processor's cores, in milliseconds
 * @param now a monotonic clock, in milliseconds
 */
export function createProcessorMeter(
  cores: () => readonly Pick<CpuInfo, 'times'>[] = cpus,
  now: () => number = () => performance.now(),
): ProcessorMeter {
  let last: { at: number; busy: number; all: number; seconds: ReadonlyMap<number, number> } | null = null;
  return {
    read(usage) {
      const times = cores().map((core) => core.times);
      const all = times.reduce((sum, { user, nice, sys, idle, irq }) => sum + user + nice + sys + idle + irq, 0);
      const next = {
        at: now(),
        all,
        busy: all - times.reduce((sum, { idle }) => sum + idle, 0),
        seconds: new Map([...usage].flatMap(([slot, used]) => (used ? [[slot, used.cpuSeconds] as const] : []))),
      };
      const before = last;
      last = next;
      const elapsed = before ? ((next.at - before.at) / 1_000) * times.length : 0;
      return {
        machine: before && next.all > before.all ? share((next.busy - before.busy) / (next.all - before.all)) : null,
        slot(slot) {
          const [from, to] = [before?.seconds.get(slot), next.seconds.get(slot)];
          // Another worker in the slot starts again from 0.
          return from === undefined || to === undefined || to < from || elapsed <= 0
            ? null
            : share((to - from) / elapsed);
        },
      };
    },
  };
}

/** Clocks of different grain may give a little more than all. */
function share(value: number): number {
  return Math.min(1, Math.max(0, value));
}
