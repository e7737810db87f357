interface WatchMetric {
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  readonly labelNames: readonly ('result' | 'to')[];
}

/** Every metric of the add-on; docs/addons/watch-folder.md is checked against it. */
export const WATCH_METRICS = {
  scenes: {
    name: 'framegauge_watch_folder_scenes_total',
    type: 'counter',
    help: 'Total number of scenes that were taken from the folder.',
    labelNames: ['result'],
  },
  moved: {
    name: 'framegauge_watch_folder_moved_total',
    type: 'counter',
    help: 'Total number of scenes that were moved away.',
    labelNames: ['to'],
  },
  copying: {
    name: 'framegauge_watch_folder_waiting',
    type: 'gauge',
    help: 'Number of scenes in the folder that are not taken yet.',
    labelNames: [],
  },
  open: {
    name: 'framegauge_watch_folder_jobs',
    type: 'gauge',
    help: 'Number of unfinished jobs of scenes from the folder.',
    labelNames: [],
  },
  available: {
    name: 'framegauge_watch_folder_available',
    type: 'gauge',
    help: '1 while the folder can be read, 0 while it cannot.',
    labelNames: [],
  },
  scanSeconds: {
    name: 'framegauge_watch_folder_scan_seconds',
    type: 'histogram',
    help: 'Time that one look at the folder took, in seconds.',
    labelNames: [],
  },
} as const satisfies Record<string, WatchMetric>;
