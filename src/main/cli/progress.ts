import type { Job } from '../../shared/jobs';
import { printable } from './table';
import { draw } from './terminal';

/** Seconds as `0:07`, `12:30` or `1:02:03`. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const part = (value: number): string => String(value).padStart(2, '0');
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  return hours > 0 ? `${hours}:${part(minutes)}:${part(whole % 60)}` : `${minutes}:${part(whole % 60)}`;
}

/** A job's progress in one line: bar, frames, frame rate and time left. @param columns width of the terminal */
export function progressLine(job: Job, columns: number): string {
  const { total, done, skipped, failed } = job.frames;
  const through = done + skipped + failed;
  const facts = [`${through}/${total} frames`];
  if (skipped > 0) facts.push(`${skipped} skipped`);
  if (failed > 0) facts.push(`${failed} failed`);
  if (job.framesPerMinute !== null) facts.push(`${job.framesPerMinute.toFixed(1)} frames/min`);
  if (job.secondsLeft !== null && through < total) facts.push(`${formatDuration(job.secondsLeft)} left`);
  const text = facts.join(' · ');
  const width = Math.max(10, Math.min(40, columns - text.length - 4));
  const filled = Math.round((through / Math.max(1, total)) * width);
  return `${'█'.repeat(filled)}${'░'.repeat(width - filled)}  ${text}`.slice(0, Math.max(20, columns - 1));
}

/** Shows a job's progress on a terminal, or one line per frame elsewhere. */
export interface ProgressView {
  update(job: Job): void;
  frame(text: string): void;
  /** A message that is always printed. */
  note(text: string): void;
  end(): void;
}

/** @param out a terminal gets the bar, any other stream gets lines */
export function createProgressView(out: NodeJS.WriteStream): ProgressView {
  const line = (text: string): void => void out.write(`${printable(text)}\n`);
  if (!out.isTTY) return { update: () => undefined, frame: line, note: line, end: () => undefined };
  let shown = false;
  return {
    update(job) {
      draw(out, `\r\u001b[2K${progressLine(job, out.columns ?? 80)}`);
      shown = true;
    },
    frame: () => undefined,
    note(text) {
      // Above the bar, which the next update redraws.
      draw(out, `${shown ? '\r\u001b[2K' : ''}${printable(text)}\n`);
      shown = false;
    },
    end() {
      if (shown) out.write('\n');
      shown = false;
    },
  };
}
