import type { CatalogueEntry } from './catalogue-entry';

const since = '0.1.0';
const engine = { engine: 'gltf or blender; blender only if it is installed or was used' };
const worker = { worker: 'slot of the worker, numbered from 1 and reused' };
const counted = { worker: 'slot of the worker, numbered from 1 and reused; other for those above 2,000 together' };
const alive = 'the worker is alive';
const started = 'a worker was started in the slot since the add-on was enabled';

/** The workers, by slot. */
export const workerMetrics = [
  {
    name: 'framegauge_worker_state',
    type: 'gauge',
    unit: 'state',
    help: 'Current state of the worker: 1 for that state, 0 for all others.',
    labels: { ...worker, ...engine, state: 'starting, idle, rendering, stopping or resting' },
    since,
    only: alive,
  },
  {
    name: 'framegauge_worker_frames_total',
    type: 'counter',
    unit: 'frames',
    help: 'Total number of frames rendered by the workers in this slot.',
    labels: counted,
    since,
    only: started,
  },
  {
    name: 'framegauge_worker_busy_seconds_total',
    type: 'counter',
    unit: 'seconds',
    help: 'Total time the workers in this slot spent rendering in seconds.',
    labels: counted,
    since,
    only: started,
  },
  {
    name: 'framegauge_worker_resident_memory_bytes',
    type: 'gauge',
    unit: 'bytes',
    help: 'Resident memory size of the worker’s processes in bytes.',
    labels: worker,
    since,
    only: 'the worker is alive and the operating system reports it',
  },
  {
    name: 'framegauge_worker_peak_memory_bytes',
    type: 'gauge',
    unit: 'bytes',
    help: 'Peak memory the worker used for a frame in bytes, as reported by its engine.',
    labels: worker,
    since,
    only: 'the worker is alive and its engine reports it',
  },
  {
    name: 'framegauge_worker_cpu_seconds_total',
    type: 'counter',
    unit: 'seconds',
    help: 'Total user and system CPU time spent by the worker processes in this slot in seconds.',
    labels: counted,
    since,
    only: started,
  },
  {
    name: 'framegauge_worker_uptime_seconds',
    type: 'gauge',
    unit: 'seconds',
    help: 'Time since the worker was started in seconds.',
    labels: worker,
    since,
    only: alive,
  },
  {
    name: 'framegauge_worker_restarts_total',
    type: 'counter',
    unit: 'count',
    help: 'Total number of workers replaced, by the reason the previous one ended.',
    labels: { ...counted, reason: 'exit, crash, timeout, memory or scene' },
    since,
    only: started,
  },
  {
    name: 'framegauge_worker_errors_total',
    type: 'counter',
    unit: 'count',
    help: 'Total number of frame attempts that failed on the workers in this slot.',
    labels: counted,
    since,
    only: started,
  },
] as const satisfies readonly CatalogueEntry[];
