import type { HostEvent } from '../../shared/host-api';
import type { Job } from '../../shared/jobs';
import { cutTo } from '../../shared/shortened';
import { t } from '../../shared/texts/translate';
import { followRenderingJobs, framesOf } from './rendering-jobs';

/** What the icon in the tray tells. */
export interface RenderStatus {
  /** What is rendering and how far it is, in a line. */
  readonly line: string;
  readonly paused: boolean;
}

export interface RenderStatusFeed {
  see(event: HostEvent): void;
  /** Shows the same in another language. */
  translate(): void;
}

/** Follows what renders, from the jobs and the queue of a host's state on. @param show receives what has changed */
export function createRenderStatus(show: (status: RenderStatus) => void): RenderStatusFeed {
  const rendering = followRenderingJobs();
  let paused = false;
  let shown = '';

  function tell(): void {
    const status = { line: lineOf(rendering.list(), paused), paused };
    const text = JSON.stringify(status);
    if (text === shown) return;
    shown = text;
    show(status);
  }

  return {
    see(event) {
      if (event.type === 'queue') paused = event.queue.state !== 'running';
      else if (!rendering.see(event)) return;
      tell();
    },
    translate: tell,
  };
}

function lineOf(jobs: readonly Job[], paused: boolean): string {
  const [first] = jobs;
  if (!first) return paused ? t('The queue is paused') : t('Nothing is rendering');
  const { there, total } = framesOf(jobs);
  const name =
    jobs.length === 1
      ? cutTo(first.name, MAX_NAME)
      : t('{count, plural, one {# job} other {# jobs}}', { count: jobs.length });
  const percent = Math.floor((there / Math.max(1, total)) * 100);
  return t('{name}: {there} of {total, plural, one {# frame} other {# frames}}, {percent} %', {
    name,
    there,
    total,
    percent,
  });
}

/** Menus and tooltips of some desktops cut longer lines off at their end, where the progress stands. */
const MAX_NAME = 40;
