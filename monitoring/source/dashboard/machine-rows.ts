import { type PanelBuilder, bars, chosen, chosenProcesses, lines, number } from './panels';

const VOLUME = '{{mountpoint}} · {{instance}}';
const free = chosen('framegauge_volume_free_bytes');
const size = chosen('framegauge_volume_size_bytes');

/** File systems that images go to. */
export function diskRow(): PanelBuilder[] {
  return [
    bars({
      title: 'Disk used',
      description: 'Of each file system that images go to.',
      unit: 'percentunit',
      width: 8,
      height: 7,
      min: 0,
      max: 1,
      steps: [
        [null, 'green'],
        [0.85, 'orange'],
        [0.95, 'red'],
      ],
      queries: [{ expr: `1 - ${free} / ${size}`, legend: VOLUME }],
    }),
    lines({
      title: 'Disk free',
      description: 'Space left on each file system that images go to.',
      unit: 'bytes',
      width: 8,
      height: 7,
      queries: [{ expr: free, legend: VOLUME }],
    }),
    number({
      title: 'Disk full in',
      description:
        'Time until each file system is full at the pace of the past hour, at most 30 days. The alert fires below 6 hours.',
      unit: 'dtdurations',
      width: 8,
      height: 7,
      steps: [
        [null, 'red'],
        [6 * 3600, 'orange'],
        [24 * 3600, 'green'],
      ],
      queries: [{ expr: `clamp_max(${free} / clamp_min(-deriv(${free}[1h]), 1), 30 * 86400)`, legend: VOLUME }],
    }),
  ];
}

/** The processes of the program itself. */
export function hostRow(): PanelBuilder[] {
  // In the desktop app each type of process is told apart; elsewhere there is the host’s process alone.
  const byType = (ofApp: string, ofHost: string): string =>
    `${ofApp} or on (job, instance) label_replace(${ofHost}, "type", "host", "", "")`;
  return [
    lines({
      title: 'Memory of the program',
      description:
        'Resident memory of Framegauge’s own processes, without the workers’. In the desktop app by type of process.',
      unit: 'bytes',
      width: 8,
      height: 7,
      queries: [
        {
          expr: byType(
            chosen('framegauge_process_resident_memory_bytes'),
            chosenProcesses('process_resident_memory_bytes'),
          ),
          legend: '{{type}} · {{instance}}',
        },
      ],
    }),
    lines({
      title: 'Processor use of the program',
      description:
        'Cores that Framegauge’s own processes keep busy. The host does no heavy work: well below 1 is right.',
      unit: 'cores',
      width: 8,
      height: 7,
      queries: [
        {
          expr: byType(
            `rate(${chosen('framegauge_process_cpu_seconds_total')}[$__rate_interval])`,
            `rate(${chosenProcesses('process_cpu_seconds_total')}[$__rate_interval])`,
          ),
          legend: '{{type}} · {{instance}}',
        },
      ],
    }),
    lines({
      title: 'Delay of the host',
      description:
        'How late the host’s event loop was in the worst hundredth of its turns. Above 0.1 s the window and the queue feel it.',
      unit: 's',
      width: 4,
      height: 7,
      queries: [{ expr: chosenProcesses('nodejs_eventloop_lag_p99_seconds'), legend: '{{instance}}' }],
    }),
    number({
      title: 'Running for',
      description: 'Time since the host started, and the version of the program.',
      unit: 'dtdurations',
      named: true,
      width: 4,
      height: 7,
      queries: [
        {
          expr: `(time() - ${chosen('framegauge_start_time_seconds')}) * on (job, instance) group_left (version, shell) ${chosen('framegauge_info')}`,
          legend: '{{instance}} · {{version}} {{shell}}',
        },
      ],
    }),
  ];
}
