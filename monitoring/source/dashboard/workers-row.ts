import { type PanelBuilder, chosen, lines, timeline } from './panels';

const WORKER = 'worker {{worker}} · {{instance}}';
const state = (name: string): string => chosen('framegauge_worker_state', `state="${name}"`);
const perWorker = (expr: string): string => `sum by (instance, worker) (${expr})`;

/** The workers, by their numbered places. */
export function workersRow(): PanelBuilder[] {
  return [
    timeline({
      title: 'Workers',
      description: 'What each worker does. A gap means that there is no worker in that place.',
      unit: 'none',
      width: 24,
      height: 7,
      states: {
        1: ['Starting', 'yellow'],
        2: ['Idle', 'super-light-blue'],
        3: ['Rendering', 'green'],
        4: ['Stopping', 'orange'],
        5: ['Resting', 'red'],
      },
      queries: [
        {
          expr: `max by (instance, worker) (${state('starting')} * 1 or ${state('idle')} * 2 or ${state('rendering')} * 3 or ${state('stopping')} * 4 or ${state('resting')} * 5) > 0`,
          legend: WORKER,
        },
      ],
    }),
    lines({
      title: 'Frames per minute by worker',
      description: 'One that falls behind the others has a problem of its own.',
      unit: 'frames/min',
      width: 8,
      height: 8,
      stacked: true,
      queries: [
        {
          expr: `${perWorker(`rate(${chosen('framegauge_worker_frames_total')}[$__rate_interval])`)} * 60`,
          legend: WORKER,
        },
      ],
    }),
    lines({
      title: 'Time at work',
      description:
        'Share of the time that each worker renders. Well below 100 % while jobs wait means that the host, the disk or the queue holds it up.',
      unit: 'percentunit',
      width: 8,
      height: 8,
      max: 1,
      queries: [
        {
          expr: `clamp_max(${perWorker(`rate(${chosen('framegauge_worker_busy_seconds_total')}[$__rate_interval])`)}, 1)`,
          legend: WORKER,
        },
      ],
    }),
    lines({
      title: 'Memory of workers',
      description:
        'Resident memory of each worker’s processes, where the system tells, and the most that it held for a frame, where its engine tells. A line that only climbs is a leak or a scene that grows.',
      unit: 'bytes',
      width: 8,
      height: 8,
      queries: [
        { expr: perWorker(chosen('framegauge_worker_resident_memory_bytes')), legend: WORKER },
        { expr: perWorker(chosen('framegauge_worker_peak_memory_bytes')), legend: `peak · ${WORKER}` },
      ],
    }),
    lines({
      title: 'Processor use of workers',
      description: 'Cores that each worker keeps busy: 1 is one core.',
      unit: 'cores',
      width: 8,
      height: 8,
      stacked: true,
      queries: [
        { expr: perWorker(`rate(${chosen('framegauge_worker_cpu_seconds_total')}[$__rate_interval])`), legend: WORKER },
      ],
    }),
    lines({
      title: 'Restarts by reason',
      description:
        'Workers that were replaced: they ended (exit), crashed, stopped answering (timeout), took too much memory, or another scene was wanted in their place.',
      unit: 'none',
      width: 8,
      height: 8,
      stacked: true,
      queries: [
        {
          expr: `sum by (reason) (increase(${chosen('framegauge_worker_restarts_total')}[$__rate_interval]))`,
          legend: '{{reason}}',
        },
      ],
    }),
    lines({
      title: 'Failed tries by worker',
      description: 'Tries of frames that failed. All on one worker: that worker; spread over all: the scene.',
      unit: 'none',
      width: 8,
      height: 8,
      stacked: true,
      queries: [
        { expr: perWorker(`increase(${chosen('framegauge_worker_errors_total')}[$__rate_interval])`), legend: WORKER },
      ],
    }),
    lines({
      title: 'Age of workers',
      description: 'Time since each worker was started. A saw-tooth is a worker that keeps being replaced.',
      unit: 'dtdurations',
      width: 24,
      height: 6,
      queries: [{ expr: perWorker(chosen('framegauge_worker_uptime_seconds')), legend: WORKER }],
    }),
  ];
}
