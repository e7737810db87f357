import { FINAL_JOB_STATES, type Job, type QueueInfo } from '../../shared/jobs';
import { counted, jobLine, jobTable, queueLine } from './describe-job';
import { progressLine } from './progress';
import { cut, layoutOf, printable } from './table';

/** The least time between two drawings, in milliseconds. */
const REDRAW = 100;
/** Jobs that are waiting are shown up to so many. */
const WAITING_SHOWN = 10;

/** Shows the queue while it is watched: what ended scrolls by, what is in work stands below and is drawn anew. */
export interface LiveView {
  /** @param jobs the unfinished ones, in queue order */
  update(jobs: readonly Job[], queue: QueueInfo | null): void;
  /** Something that stays on the screen. */
  line(text: string): void;
  end(): void;
}

/** @param out where a terminal is drawn on; anything else gets the lines only */
export function createLiveView(out: NodeJS.WriteStream): LiveView {
  if (!out.isTTY) return { update: () => undefined, line: (text) => void out.write(`${text}\n`), end: () => undefined };
  let drawn = 0;
  let latest: (() => string[]) | null = null;
  let timer: NodeJS.Timeout | null = null;
  const erase = (): string => (drawn > 0 ? `\u001b[${drawn}A\u001b[J` : '');
  const draw = (above = ''): void => {
    const lines = latest?.() ?? [];
    out.write(`${erase()}${above}${lines.map((line) => `${line}\n`).join('')}`);
    drawn = lines.length;
  };
  return {
    update(jobs, queue) {
      latest = () => liveLines(jobs, queue, out);
      timer ??= setTimeout(() => {
        timer = null;
        draw();
      }, REDRAW);
    },
    line: (text) => draw(`${text}\n`),
    end() {
      if (timer) clearTimeout(timer);
      draw();
    },
  };
}

/** The part that is drawn anew: never higher than the terminal, or the cursor could not go back to its top. */
export function liveLines(
  jobs: readonly Job[],
  queue: QueueInfo | null,
  out: Pick<NodeJS.WriteStream, 'isTTY' | 'columns' | 'rows'>,
): string[] {
  const columns = out.columns ?? 80;
  const rows = Math.max(4, (out.rows ?? 24) - 2);
  const lines: string[] = [];
  const active = jobs.filter((job) => job.state === 'rendering');
  const waiting = jobs.filter((job) => job.state !== 'rendering' && !FINAL_JOB_STATES.includes(job.state));
  for (const job of active) lines.push(cut(jobLine(job), columns - 1), progressLine(job, columns));
  const table = waiting.length > 0 ? jobTable(waiting.slice(0, WAITING_SHOWN), layoutOf(out)) : [];
  lines.push(...table);
  if (waiting.length > WAITING_SHOWN) lines.push(`… and ${counted(waiting.length - WAITING_SHOWN, 'job')} more`);
  // Of a queue that is done, there is nothing to say but that.
  const foot =
    queue && (lines.length > 0 || queue.state !== 'running') ? cut(printable(queueLine(queue)), columns - 1) : '';
  return [...lines.slice(0, rows - 1), ...(foot === '' ? [] : [foot])];
}
