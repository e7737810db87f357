import type { HostEvent } from '../../shared/host-api';
import type { Job } from '../../shared/jobs';
import { followRenderingJobs, framesOf } from './rendering-jobs';

/** What the icon in the tray tells. */
export interface RenderStatus {
  /** What is rendering and how far it is, in a line. */
  readonly line: string;
  readonly paused: boolean;
}

/** Follows what renders, from the jobs and the queue of a host's state on. @param show receives what has changed */
export function createRenderStatus(show: (status: RenderStatus) => void): { see(event: HostEvent): void } {
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
  };
}

function lineOf(jobs: readonly Job[], paused: boolean): string {
  const [first] = jobs;
  if (!first) return paused ? 'The queue is paused' : 'Nothing is rendering';
  const { there, total } = framesOf(jobs);
  const name = jobs.length === 1 ? shortened(first.name) : `${jobs.length} jobs`;
  return `${name}: ${there} of ${total} ${total === 1 ? 'frame' : 'frames'}, ${Math.floor((there / Math.max(1, total)) * 100)} %`;
}

/** Menus and tooltips of some desktops cut longer lines off at their end, where the progress stands. */
const MAX_NAME = 40;

function shortened(name: string): string {
  return name.length > MAX_NAME ? `${name.slice(0, MAX_NAME - 1)}…` : name;
}
