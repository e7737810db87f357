import { storedLabel } from '../metric';
import { type PanelBuilder, bars, chosen, lines, number, timeline } from './panels';

const job = `{{${storedLabel('framegauge_job_progress_ratio')}}}`;

/** What waits, what renders, and what has ended. */
export function queueRow(): PanelBuilder[] {
  return [
    bars({
      title: 'Progress of jobs',
      description: 'Share of each rendering job’s frames that are rendered, skipped or given up.',
      unit: 'percentunit',
      width: 8,
      height: 8,
      min: 0,
      max: 1,
      steps: [[null, 'green']],
      noValue: 'Nothing is rendering',
      queries: [{ expr: chosen('framegauge_job_progress_ratio'), legend: `${job} · {{instance}}` }],
    }),
    number({
      title: 'Time left of jobs',
      description:
        'Until each rendering job is done: as likely less as more, and the time that suffices nine times out of ten.',
      unit: 'dtdurations',
      named: true,
      width: 8,
      height: 8,
      noValue: 'Not known yet',
      queries: [
        { expr: chosen('framegauge_job_remaining_seconds'), legend: `${job} · {{instance}}` },
        { expr: chosen('framegauge_job_remaining_p90_seconds'), legend: `at most · ${job} · {{instance}}` },
      ],
    }),
    number({
      title: 'Frames left of jobs',
      description: 'Frames of each rendering job that are still to be rendered.',
      unit: 'none',
      named: true,
      width: 8,
      height: 8,
      noValue: 'Nothing is rendering',
      queries: [{ expr: chosen('framegauge_job_frames_remaining'), legend: `${job} · {{instance}}` }],
    }),
    lines({
      title: 'Jobs by state',
      description: 'Jobs that are not finished.',
      unit: 'none',
      width: 8,
      height: 8,
      stacked: true,
      queries: [{ expr: `sum by (state) (${chosen('framegauge_jobs')})`, legend: '{{state}}' }],
    }),
    lines({
      title: 'Frames left by host',
      description:
        'Frames of unfinished jobs that are still to be rendered. A line that falls evenly is a queue that goes well.',
      unit: 'none',
      width: 8,
      height: 8,
      queries: [{ expr: `sum by (instance) (${chosen('framegauge_queue_frames_remaining')})`, legend: '{{instance}}' }],
    }),
    lines({
      title: 'Time left by host',
      description:
        'Until each queue is done: as likely less as more, and the time that suffices nine times out of ten. A pair of lines that falls by a minute a minute is a queue that goes as foreseen.',
      unit: 's',
      width: 8,
      height: 8,
      noValue: 'Not known yet',
      queries: [
        { expr: `max by (instance) (${chosen('framegauge_queue_remaining_seconds')})`, legend: '{{instance}}' },
        {
          expr: `max by (instance) (${chosen('framegauge_queue_remaining_p90_seconds')})`,
          legend: 'at most · {{instance}}',
        },
      ],
    }),
    timeline({
      title: 'Queue state',
      description:
        'Whether each queue runs, was paused by somebody, or holds itself because something cannot be written or an output is not mounted.',
      unit: 'none',
      width: 8,
      height: 8,
      states: { 0: ['Runs', 'green'], 1: ['Paused', 'super-light-blue'], 2: ['Holds itself', 'red'] },
      queries: [
        {
          expr: `max by (instance) (${chosen('framegauge_queue_paused')} + ${chosen('framegauge_queue_held')})`,
          legend: '{{instance}}',
        },
      ],
    }),
    lines({
      title: 'Suspicious frames',
      description:
        'Frames of unfinished jobs whose image looks wrong: empty, or rendered suspiciously fast. They count as rendered; look at them.',
      unit: 'none',
      width: 8,
      height: 8,
      queries: [
        { expr: `sum by (instance) (${chosen('framegauge_queue_frames_suspicious')})`, legend: '{{instance}}' },
      ],
    }),
    number({
      title: 'Jobs ended',
      description:
        'Jobs that ended in the chosen time, by how. A job fails when too many of its frames were given up; one that completed may lack a few.',
      unit: 'none',
      width: 8,
      height: 8,
      queries: [
        { expr: `round(sum(increase(${chosen('framegauge_jobs_completed_total')}[$__range])))`, legend: 'completed' },
        {
          expr: `round(sum(increase(${chosen('framegauge_jobs_completed_with_failures_total')}[$__range])))`,
          legend: 'of these with failures',
        },
        { expr: `round(sum(increase(${chosen('framegauge_jobs_failed_total')}[$__range])))`, legend: 'failed' },
        { expr: `round(sum(increase(${chosen('framegauge_jobs_cancelled_total')}[$__range])))`, legend: 'cancelled' },
      ],
    }),
  ];
}
