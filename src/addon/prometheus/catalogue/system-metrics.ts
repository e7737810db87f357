import type { CatalogueEntry } from './catalogue-entry';

const since = '0.1.0';
const volume = { mountpoint: 'file system that images are written to' };
const process = { type: 'Electron’s own process types, about six' };
const desktop = 'the program runs as a desktop app';

/** Disks and processes, as reported by the operating system. */
export const systemMetrics = [
  {
    name: 'framegauge_volume_free_bytes',
    type: 'gauge',
    unit: 'bytes',
    help: 'Space available to this user on a file system that images are written to, in bytes.',
    labels: volume,
    since,
  },
  {
    name: 'framegauge_volume_size_bytes',
    type: 'gauge',
    unit: 'bytes',
    help: 'Size of a file system that images are written to, in bytes.',
    labels: volume,
    since,
  },
  {
    name: 'framegauge_process_resident_memory_bytes',
    type: 'gauge',
    unit: 'bytes',
    help: 'Resident memory size of the app’s processes in bytes, by process type.',
    labels: process,
    since,
    only: desktop,
  },
  {
    name: 'framegauge_process_cpu_seconds_total',
    type: 'counter',
    unit: 'seconds',
    help: 'Total user and system CPU time spent by the app’s processes in seconds, by process type.',
    labels: process,
    since,
    only: desktop,
  },
] as const satisfies readonly CatalogueEntry[];
