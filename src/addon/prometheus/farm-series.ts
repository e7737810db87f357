import type { AppSnapshot, MetricFamily } from '../api/context';
import { type Series, counter, gauge, gauges } from './families';

/** Counted from the start, so that a state has a series before a machine is in it. */
const MACHINE_STATES = ['idle', 'rendering', 'draining', 'paused', 'asleep', 'resting', 'refused', 'cut-off'] as const;

/** What the machines did together that are not counted apart. */
const OTHER = 'other';

/**
 * Series of the farm. A machine that was taken out of it has no gauges any more; what it did stays counted.
 *
 * @param since start of the totals, in seconds since 1970
 */
export function farmSeries({ farm, totals }: Pick<AppSnapshot, 'farm' | 'totals'>, since: number): MetricFamily[] {
  const machines = farm?.machines ?? [];
  const there = machines.filter(({ state }) => state !== 'cut-off');
  const states = new Set<string>([...MACHINE_STATES, ...machines.map(({ state }) => state)]);
  const counted = Object.keys(totals.machines);
  // Beyond the most that are counted apart nobody knows what a machine did: it is in “other”.
  const idle = counted.includes(OTHER) ? [] : machines.map(({ name }) => name);
  const names = [...new Set([...idle, ...counted])].sort();
  const count = (
    name: Parameters<typeof counter>[0],
    pick: (did: AppSnapshot['totals']['machines'][string]) => number,
  ): MetricFamily[] => {
    const of = (machine: string): Series => {
      const did = totals.machines[machine];
      return [{ machine }, did ? pick(did) : 0];
    };
    return counter(name, names.map(of), since);
  };
  return [
    ...gauge('framegauge_farm_queue_up', farm && (farm.queueUp ? 1 : 0)),
    ...gauges(
      'framegauge_farm_machines',
      farm ? [...states].map((state) => [{ state }, machines.filter((one) => one.state === state).length]) : [],
    ),
    ...gauges(
      'framegauge_machine_up',
      machines.map(({ name, state }) => [{ machine: name }, state === 'cut-off' ? 0 : 1]),
    ),
    ...gauges(
      'framegauge_machine_workers',
      there.map(({ name, workers }) => [{ machine: name }, workers]),
    ),
    ...gauges(
      'framegauge_machine_frames_active',
      there.map(({ name, frames }) => [{ machine: name }, frames]),
    ),
    ...count('framegauge_machine_frames_rendered_total', (did) => did.rendered),
    ...count('framegauge_machine_frame_seconds_total', (did) => did.frameSeconds),
    ...count('framegauge_machine_leases_lost_total', (did) => did.leasesLost),
    ...count('framegauge_machine_deliveries_refused_total', (did) => did.deliveriesRefused),
    ...count('framegauge_machine_delivered_bytes_total', (did) => did.deliveredBytes),
  ];
}
