interface VideoMetric {
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  readonly labelNames: readonly 'format'[];
}

/** Every metric of the add-on; docs/addons/video.md is checked against it. */
export const VIDEO_METRICS = {
  made: {
    name: 'framegauge_video_made_total',
    type: 'counter',
    help: 'Total number of videos that were made.',
    labelNames: ['format'],
  },
  failed: {
    name: 'framegauge_video_failed_total',
    type: 'counter',
    help: 'Total number of videos that could not be made.',
    labelNames: ['format'],
  },
  bytes: {
    name: 'framegauge_video_bytes_total',
    type: 'counter',
    help: 'Total size of the videos that were made, in bytes.',
    labelNames: ['format'],
  },
  seconds: {
    name: 'framegauge_video_encode_seconds',
    type: 'histogram',
    help: 'Time that making a video took, in seconds.',
    labelNames: ['format'],
  },
  waiting: {
    name: 'framegauge_video_waiting',
    type: 'gauge',
    help: 'Number of videos that are to be made, with the one under way.',
    labelNames: [],
  },
} as const satisfies Record<string, VideoMetric>;
