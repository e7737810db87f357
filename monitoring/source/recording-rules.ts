import { type SeriesName, series } from './metric';

/** A rule whose answer is kept as a series of its own. */
export interface RecordingRule {
  /** `level:metric:operations`, as https://prometheus.io/docs/practices/rules/ has it. */
  readonly record: RecordName;
  readonly expr: string;
}

export type RecordName =
  | 'instance:framegauge_frames_per_minute:rate1m'
  | 'instance:framegauge_frames_per_minute:rate5m'
  | 'instance:framegauge_frame_duration_seconds:avg10m'
  | 'instance:framegauge_frame_duration_seconds:avg6h'
  | 'instance:framegauge_frames_failed:ratio30m'
  | 'instance_worker:framegauge_worker_busy:ratio_rate5m'
  | 'instance:framegauge_without_frame_seconds:min';

/** What the rules are grouped by: one host. */
const BY = 'by (job, instance)';
const increase = (name: SeriesName, range: string): string => `sum ${BY} (increase(${series(name)}[${range}]))`;
/** Mean seconds of a frame; nothing while no frame was rendered in that time. */
const meanFrameTime = (range: string): string =>
  `${increase('framegauge_frame_duration_seconds_sum', range)} / (${increase('framegauge_frame_duration_seconds_count', range)} > 0)`;

/** In the order in which they are evaluated: later ones may use earlier ones. */
export const recordingRules: readonly RecordingRule[] = [
  ...(['1m', '5m'] as const).map((range) => ({
    record: `instance:framegauge_frames_per_minute:rate${range}` as const,
    expr: `sum ${BY} (rate(${series('framegauge_frames_rendered_total')}[${range}])) * 60`,
  })),
  { record: 'instance:framegauge_frame_duration_seconds:avg10m', expr: meanFrameTime('10m') },
  { record: 'instance:framegauge_frame_duration_seconds:avg6h', expr: meanFrameTime('6h') },
  {
    // Of the frames that came to an end, one way or the other.
    record: 'instance:framegauge_frames_failed:ratio30m',
    expr: [
      increase('framegauge_frames_failed_total', '30m'),
      '/',
      `((${increase('framegauge_frames_failed_total', '30m')} + ${increase('framegauge_frames_rendered_total', '30m')}) > 0)`,
    ].join('\n'),
  },
  {
    record: 'instance_worker:framegauge_worker_busy:ratio_rate5m',
    expr: `sum by (job, instance, worker) (rate(${series('framegauge_worker_busy_seconds_total')}[5m]))`,
  },
  {
    // How long a host renders without a frame: since the last frame, since it last had nothing to render, or since it
    // started, whichever is the shortest. Nothing while it renders nothing.
    record: 'instance:framegauge_without_frame_seconds:min',
    expr: [
      `min ${BY} (`,
      `  label_replace(${series('framegauge_last_frame_age_seconds')}, "since", "frame", "", "")`,
      '  or',
      `  label_replace(time() - max_over_time(timestamp(${series('framegauge_renders_active')} == 0)[1d:1m]), "since", "idle", "", "")`,
      '  or',
      `  label_replace(time() - ${series('framegauge_start_time_seconds')}, "since", "start", "", "")`,
      ')',
      `and on (job, instance) ${series('framegauge_renders_active')} > 0`,
    ].join('\n'),
  },
];
