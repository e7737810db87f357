import { type PanelBuilder, chosen, lines, number, timeline } from './panels';

/** Whether it renders, how fast, and until when: what one looks at from the sofa. */
export function renderingRow(): PanelBuilder[] {
  return [
    lines({
      title: 'Frames per minute',
      description:
        'Frames whose image is verified and in its place, per minute. Each frame counts once, however often it was tried.',
      unit: 'frames/min',
      width: 16,
      height: 9,
      queries: [
        {
          expr: `sum by (instance) (rate(${chosen('framegauge_frames_rendered_total')}[$__rate_interval])) * 60`,
          legend: '{{instance}}',
        },
      ],
    }),
    number({
      title: 'Now',
      description: 'Frames per minute over the past minute, all chosen hosts together.',
      unit: 'frames/min',
      width: 4,
      height: 3,
      queries: [
        { expr: `sum(rate(${chosen('framegauge_frames_rendered_total')}[1m])) * 60`, legend: 'frames per minute' },
      ],
    }),
    number({
      title: 'Alerts',
      description:
        'Alerts of the kit that are firing. Prometheus lists them on its Alerts page; README.md of the kit says what to do.',
      unit: 'none',
      width: 4,
      height: 3,
      steps: [
        [null, 'green'],
        [1, 'red'],
      ],
      queries: [
        {
          expr: 'count(ALERTS{alertname=~"Framegauge.+", alertstate="firing", job=~"$job", instance=~"$instance"}) or vector(0)',
          legend: 'firing',
        },
      ],
    }),
    number({
      title: 'Rendering',
      description: 'Jobs that are rendering now.',
      unit: 'none',
      width: 4,
      height: 3,
      queries: [{ expr: `sum(${chosen('framegauge_renders_active')})`, legend: 'jobs' }],
    }),
    number({
      title: 'Time left',
      description: 'Until the queue is done: as likely less as more. Empty until a frame was rendered to tell from.',
      unit: 'dtdurations',
      width: 4,
      height: 3,
      noValue: 'not known yet',
      queries: [{ expr: `max(${chosen('framegauge_queue_remaining_seconds')})`, legend: 'time left' }],
    }),
    number({
      title: 'Frames left',
      description: 'Frames of unfinished jobs that are still to be rendered, waiting jobs included.',
      unit: 'none',
      width: 4,
      height: 3,
      queries: [{ expr: `sum(${chosen('framegauge_queue_frames_remaining')})`, legend: 'frames' }],
    }),
    number({
      title: 'Last frame',
      description:
        'Time since a frame was last written, on the host that wrote the latest one. Empty until the first frame.',
      unit: 'dtdurations',
      width: 4,
      height: 3,
      noValue: 'none yet',
      queries: [{ expr: `min(${chosen('framegauge_last_frame_age_seconds')})`, legend: 'ago' }],
    }),
    timeline({
      title: 'Render state',
      description: 'Whether each host renders. “No answer” means that Prometheus could not reach it.',
      unit: 'none',
      width: 24,
      height: 6,
      states: { '-1': ['No answer', 'red'], 0: ['Idle', 'super-light-blue'], 1: ['Rendering', 'green'] },
      queries: [
        {
          expr: `max by (instance) (clamp_max(${chosen('framegauge_renders_active')}, 1) or on (job, instance) (${chosen('up')} == 0) - 1)`,
          legend: '{{instance}}',
        },
      ],
    }),
  ];
}
