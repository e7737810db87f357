import type { HostEvent } from '../../shared/host-api';
import type { Job } from '../../shared/jobs';

/** What the icon in the tray tells. */
export interface RenderStatus {
  /** What is rendering and how far it is, in a line. */
  readonly line: string;
  readonly paused: boolean;
}

/** Follows what renders, from the jobs and the queue of a host's state on. @param show receives what has changed */
export function createRenderStatus(show: (status: RenderStatus) => void): { see(event: HostEvent): void } {
  const rendering = new Map<number, Job>();
  let paused = false;
  let shown = '';

  function tell(): void {
    const status = { line: lineOf([...rendering.values()], paused), paused };
    const text = JSON.stringify(status);
    if (text === shown) return;
    shown = text;
    show(status);
  }

  return {
    see(event) {
      if (event.type === 'job' && event.job.state === 'rendering') rendering.set(event.job.id, event.job);
      else if (event.type === 'job') rendering.delete(event.job.id);
      else if (event.type === 'job-removed') rendering.delete(event.id);
      else if (event.type === 'queue') paused = event.queue.state !== 'running';
      else return;
      tell();
    },
  };
}

function lineOf(jobs: readonly Job[], paused: boolean): string {
  const [first] = jobs;
  if (!first) return paused ? 'The queue is paused' : 'Nothing is rendering';
  const total = jobs.reduce((sum, { frames }) => sum + frames.total, 0);
  const there = jobs.reduce((sum, { frames }) => sum + frames.done + frames.skipped, 0);
  const name = jobs.length === 1 ? shortened(first.name) : `${jobs.length} jobs`;
  return `${name}: ${there} of ${total} ${total === 1 ? 'frame' : 'frames'}, ${Math.floor((there / Math.max(1, total)) * 100)} %`;
}

/** Menus and tooltips of some desktops cut longer lines off at their end, where the progress stands. */
const MAX_NAME = 40;

function shortened(name: string): string {
  return name.length > MAX_NAME ? `${name.slice(0, MAX_NAME - 1)}…` : name;
}
