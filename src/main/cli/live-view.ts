import { FINAL_JOB_STATES } from '../../shared/job-constants';
import type { Job, QueueInfo } from '../../shared/jobs';
import { counted, jobLine, jobTable, queueLine } from './describe-job';
import { progressLine } from './progress';
import { cut, layoutOf, printable } from './table';
import { draw, harmless } from './terminal';

/** Minimum interval between two redraws, in milliseconds. */
const REDRAW = 100;
/** Maximum number of waiting jobs shown. */
const WAITING_SHOWN = 10;

/** Live view of the queue: ended jobs scroll by, jobs in progress stay below and are redrawn. */
export interface LiveView {
  /** @param jobs the unfinished ones, in queue order */
  update(jobs: readonly Job[], queue: QueueInfo | null): void;
  /** Prints a line that stays on the screen. */
  line(text: string): void;
  end(): void;
}

/** @param out the terminal to draw on; any other stream gets the lines only */
export function createLiveView(out: NodeJS.WriteStream): LiveView {
  if (!out.isTTY) return { update: () => undefined, line: (text) => void out.write(`${text}\n`), end: () => undefined };
  let drawn = 0;
  let latest: (() => string[]) | null = null;
  let timer: NodeJS.Timeout | null = null;
  const erase = (): string => (drawn > 0 ? `\u001b[${drawn}A\u001b[J` : '');
  const drawAnew = (above = ''): void => {
    const lines = latest?.() ?? [];
    draw(out, `${erase()}${above}${lines.map((line) => `${line}\n`).join('')}`);
    drawn = lines.length;
  };
  return {
    update(jobs, queue) {
      latest = () => liveLines(jobs, queue, out);
      timer ??= setTimeout(() => {
        timer = null;
        drawAnew();
      }, REDRAW);
    },
    line: (text) => drawAnew(`${harmless(text)}\n`),
    end() {
      if (timer) clearTimeout(timer);
      drawAnew();
    },
  };
}

/** The redrawn part: never taller than the terminal, or the cursor could not return to its top. */
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
  // A finished queue has nothing else to report.
  const foot =
    queue && (lines.length > 0 || queue.state !== 'running') ? cut(printable(queueLine(queue)), columns - 1) : '';
  return [...lines.slice(0, rows - 1), ...(foot === '' ? [] : [foot])];
}
