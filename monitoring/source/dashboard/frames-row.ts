import { type PanelBuilder, chosen, heatmap, lines } from './panels';

const buckets = `sum by (le) (increase(${chosen('framegauge_frame_duration_seconds_bucket')}[$__rate_interval]))`;
const quantile = (share: number): string =>
  `histogram_quantile(${share}, sum by (le) (rate(${chosen('framegauge_frame_duration_seconds_bucket')}[$__rate_interval])))`;
const reasons = `sum by (reason) (increase(${chosen('framegauge_frames_failed_total')}[$__rate_interval]))`;

/** How long frames take. */
export function framesRow(): PanelBuilder[] {
  return [
    heatmap({
      title: 'Frame times',
      description:
        'How many frames took how long. A band that climbs is a scene that becomes heavier; two bands are two jobs at once. Empty while no frame is rendered.',
      unit: 's',
      width: 14,
      height: 9,
      queries: [{ expr: buckets, legend: '{{le}}' }],
    }),
    lines({
      title: 'Typical and slow frames',
      description:
        'The mean frame time, the time within which half of the frames were done, and the time within which 95 of 100 were. Empty while no frame is rendered.',
      unit: 's',
      width: 10,
      height: 9,
      queries: [
        {
          expr: `sum(rate(${chosen('framegauge_frame_duration_seconds_sum')}[$__rate_interval])) / sum(rate(${chosen('framegauge_frame_duration_seconds_count')}[$__rate_interval]))`,
          legend: 'mean',
        },
        { expr: quantile(0.5), legend: 'half' },
        { expr: quantile(0.95), legend: '95 of 100' },
      ],
    }),
  ];
}

/** What went wrong with frames and jobs. All of it is 0 on a good night. */
export function failuresRow(): PanelBuilder[] {
  return [
    lines({
      title: 'Frames given up',
      description:
        'Frames that were given up after several tries, by why the last one failed: the engine said so (render), its worker crashed, it stopped answering (timeout), the image was not whole, or it could not be written (output).',
      unit: 'none',
      width: 8,
      height: 8,
      stacked: true,
      queries: [{ expr: reasons, legend: '{{reason}}' }],
    }),
    lines({
      title: 'Tries repeated, frames skipped',
      description:
        'Tries that failed and were followed by another, and frames that were not rendered because their image was there already.',
      unit: 'none',
      width: 8,
      height: 8,
      queries: [
        { expr: `sum(increase(${chosen('framegauge_frames_retried_total')}[$__rate_interval]))`, legend: 'repeated' },
        { expr: `sum(increase(${chosen('framegauge_frames_skipped_total')}[$__rate_interval]))`, legend: 'skipped' },
      ],
    }),
    lines({
      title: 'Share of frames that fail',
      description:
        'Of the frames that came to an end in the past 30 minutes, those that were given up. The alert fires above 5 %. Empty while no frame ends.',
      unit: 'percentunit',
      width: 8,
      height: 8,
      noValue: 'No frame ended',
      queries: [
        {
          expr: 'instance:framegauge_frames_failed:ratio30m{job=~"$job", instance=~"$instance"}',
          legend: '{{instance}}',
        },
      ],
    }),
  ];
}
