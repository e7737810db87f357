import { expect, test } from 'vitest';
import type { AppSnapshot } from '../../../src/addon/api/context';
import { farmSeries } from '../../../src/addon/prometheus/farm-series';
import { emptyMachineTotals } from '../../../src/shared/totals';
import { EMPTY_SNAPSHOT } from '../../helpers/empty-snapshot';

type Did = AppSnapshot['totals']['machines'];

function values(farm: AppSnapshot['farm'], machines: Did = {}): Record<string, Record<string, number>> {
  const totals = { ...EMPTY_SNAPSHOT.totals, machines };
  return Object.fromEntries(
    farmSeries({ farm, totals }, 2).map((family) => [
      family.name.replace('framegauge_', ''),
      Object.fromEntries(family.values.map(({ labels, value }) => [Object.values(labels).join(), value])),
    ]),
  );
}

const left = { name: 'left', state: 'rendering', workers: 4, frames: 3, metrics: null } as const;
const right = { name: 'right', state: 'cut-off', workers: 2, frames: 0, metrics: null } as const;

test('a host without a farm has no series of one', () => {
  expect(values(null)).toEqual({});
});

test('a farm without machines tells its queue and that no machine is in any state', () => {
  expect(values({ queueUp: false, machines: [] })).toEqual({
    farm_queue_up: { '': 0 },
    farm_machines: { idle: 0, rendering: 0, draining: 0, paused: 0, asleep: 0, resting: 0, refused: 0, 'cut-off': 0 },
  });
});

test('a machine that is cut off is down and has no other gauge, and every machine has its counters from the start', () => {
  const did = { left: { rendered: 5, frameSeconds: 7.5, leasesLost: 1, deliveriesRefused: 2, deliveredBytes: 900 } };
  expect(values({ queueUp: true, machines: [left, right] }, did)).toEqual({
    farm_queue_up: { '': 1 },
    farm_machines: { idle: 0, rendering: 1, draining: 0, paused: 0, asleep: 0, resting: 0, refused: 0, 'cut-off': 1 },
    machine_up: { left: 1, right: 0 },
    machine_workers: { left: 4 },
    machine_frames_active: { left: 3 },
    machine_frames_rendered_total: { left: 5, right: 0 },
    machine_frame_seconds_total: { left: 7.5, right: 0 },
    machine_leases_lost_total: { left: 1, right: 0 },
    machine_deliveries_refused_total: { left: 2, right: 0 },
    machine_delivered_bytes_total: { left: 900, right: 0 },
  });
});

test('a machine that was taken out of the farm has no gauges, and its counters stay', () => {
  const shown = values({ queueUp: true, machines: [left] }, { right: { ...emptyMachineTotals(), rendered: 9 } });
  expect(shown.machine_up).toEqual({ left: 1 });
  expect(shown.machine_workers).toEqual({ left: 4 });
  expect(shown.machine_frames_rendered_total).toEqual({ left: 0, right: 9 });
});

test('a machine whose work is counted with others has no counters of its own', () => {
  const did = { left: { ...emptyMachineTotals(), rendered: 9 }, other: { ...emptyMachineTotals(), rendered: 4 } };
  const shown = values({ queueUp: true, machines: [left, right] }, did);
  expect(shown.machine_frames_rendered_total).toEqual({ left: 9, other: 4 });
  expect(shown.machine_up).toEqual({ left: 1, right: 0 });
});
