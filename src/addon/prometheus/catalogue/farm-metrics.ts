import type { CatalogueEntry } from './catalogue-entry';

const since = '0.1.0';
const machine = { machine: 'name of the machine; beyond 500 that were ever counted, other' };
const managing = 'this host manages a farm';
const listed = 'the machine is part of the farm';
const counted = 'the machine is part of the farm, or was since the add-on was enabled';

/** The farm that the host manages. What machines did is counted by the host, once. */
export const farmMetrics = [
  {
    name: 'framegauge_farm_queue_up',
    type: 'gauge',
    unit: 'state',
    help: 'Whether the ticket queue of the farm can be reached: 1 if so; at 0 machines get no frames.',
    labels: {},
    since,
    only: managing,
  },
  {
    name: 'framegauge_farm_machines',
    type: 'gauge',
    unit: 'count',
    help: 'Number of machines in the farm, by state.',
    labels: { state: 'a state of machines, as the list of machines names it' },
    since,
    only: managing,
  },
  {
    name: 'framegauge_machine_up',
    type: 'gauge',
    unit: 'state',
    help: 'Whether the machine is there: 1 if it is heard from and reaches the ticket queue, 0 if it is cut off.',
    labels: machine,
    since,
    only: listed,
  },
  {
    name: 'framegauge_machine_workers',
    type: 'gauge',
    unit: 'count',
    help: 'Number of workers that the machine lends.',
    labels: machine,
    since,
    only: 'the machine is part of the farm and not cut off',
  },
  {
    name: 'framegauge_machine_frames_active',
    type: 'gauge',
    unit: 'frames',
    help: 'Number of frames that the machine has in work.',
    labels: machine,
    since,
    only: 'the machine is part of the farm and not cut off',
  },
  {
    name: 'framegauge_machine_frames_rendered_total',
    type: 'counter',
    unit: 'frames',
    help: 'Total number of frames rendered by the machine. They are part of framegauge_frames_rendered_total.',
    labels: machine,
    since,
    only: counted,
  },
  {
    name: 'framegauge_machine_frame_seconds_total',
    type: 'counter',
    unit: 'seconds',
    help: 'Total time that the frames of the machine took in its workers in seconds.',
    labels: machine,
    since,
    only: counted,
  },
  {
    name: 'framegauge_machine_leases_lost_total',
    type: 'counter',
    unit: 'frames',
    help: 'Total number of frames taken from the machine and handed out again, at no attempt of theirs.',
    labels: machine,
    since,
    only: counted,
  },
  {
    name: 'framegauge_machine_deliveries_refused_total',
    type: 'counter',
    unit: 'count',
    help: 'Total number of files that the machine delivered too late, when their frame was no longer its own.',
    labels: machine,
    since,
    only: counted,
  },
  {
    name: 'framegauge_machine_delivered_bytes_total',
    type: 'counter',
    unit: 'bytes',
    help: 'Total size of the files that the machine delivered over the network in bytes.',
    labels: machine,
    since,
    only: counted,
  },
] as const satisfies readonly CatalogueEntry[];
