import type { EngineId } from '../../shared/scene';
import {
  type EngineTotals,
  MAX_COUNTED_MACHINES,
  MAX_COUNTED_SLOTS,
  type MachineTotals,
  OTHER_MACHINES,
  OTHER_SLOTS,
  type RestartReason,
  type SlotTotals,
  type Totals,
  emptyMachineTotals,
  emptySlotTotals,
} from '../../shared/totals';
import { type FrameCounters, createFrameCounters } from './frame-counters';

/** Counts frames, jobs, workers and machines of the farm since the host's start. */
export interface RenderCounters {
  readonly frames: FrameCounters;
  /** @param withFailures whether it completed though frames of it failed */
  jobEnded(state: 'completed' | 'failed' | 'cancelled', withFailures?: boolean): void;
  /** From now on a slot's worker is busy, or no longer: its time is counted as it passes. */
  busy(slot: number, is: boolean): void;
  /** A slot's worker was replaced. */
  restarted(slot: number, reason: RestartReason): void;
  /** A slot's worker used processor time. */
  used(slot: number, cpuSeconds: number): void;
  /** A machine of the farm lost a frame, which is handed out again. */
  leaseLost(machine: string): void;
  /** A machine delivered a file of a frame that was no longer its own. */
  deliveryRefused(machine: string): void;
  delivered(machine: string, bytes: number): void;
  /** A copy of the counts; add-ons are counted elsewhere. */
  totals(): Omit<Totals, 'addons'>;
}

export function createRenderCounters(): RenderCounters {
  const jobs = { completed: 0, completedWithFailures: 0, failed: 0, cancelled: 0 };
  const engines: Record<EngineId, EngineTotals> = {};
  const slots: Record<string, SlotTotals> = {};
  const machines: Record<string, MachineTotals> = {};
  const ofMachine = (name: string): MachineTotals => {
    const known = machines[name];
    if (known) return known;
    const key = Object.keys(machines).length < MAX_COUNTED_MACHINES ? name : OTHER_MACHINES;
    return (machines[key] ??= emptyMachineTotals());
  };
  const ofSlot = (slot: number): SlotTotals =>
    (slots[slot <= MAX_COUNTED_SLOTS ? slot : OTHER_SLOTS] ??= emptySlotTotals());
  /** The busy slots, and up to when their time is counted, from performance.now(). */
  const busySince = new Map<number, number>();
  const countBusy = (slot: number, since: number): void => {
    const now = performance.now();
    ofSlot(slot).busySeconds += (now - since) / 1000;
    busySince.set(slot, now);
  };
  return {
    frames: createFrameCounters({ engines, ofSlot, ofMachine }),
    jobEnded(state, withFailures = false) {
      jobs[state]++;
      if (withFailures) jobs.completedWithFailures++;
    },
    busy(slot, is) {
      const since = busySince.get(slot);
      if (since !== undefined) countBusy(slot, since);
      else if (is) busySince.set(slot, performance.now());
      if (!is) busySince.delete(slot);
    },
    restarted: (slot, reason) => void ofSlot(slot).restarts[reason]++,
    used: (slot, cpuSeconds) => void (ofSlot(slot).cpuSeconds += cpuSeconds),
    leaseLost: (machine) => void ofMachine(machine).leasesLost++,
    deliveryRefused: (machine) => void ofMachine(machine).deliveriesRefused++,
    delivered: (machine, bytes) => void (ofMachine(machine).deliveredBytes += bytes),
    totals() {
      for (const [slot, since] of busySince) countBusy(slot, since);
      return structuredClone({ jobs, engines, slots, machines });
    },
  };
}
