import type { Frame, Job, JobState } from '../../shared/jobs';

/** A duration as a clock: `0:07`, `12:34`, `3:07:09`, `2 d 4 h`. @param seconds 0 or more */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const days = Math.floor(whole / 86_400);
  if (days > 0) return `${days} d ${Math.floor((whole % 86_400) / 3_600)} h`;
  const [hours, minutes, rest] = [Math.floor(whole / 3_600), Math.floor((whole % 3_600) / 60), whole % 60];
  const two = (value: number): string => String(value).padStart(2, '0');
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

/** Seconds with as many digits as say something: `0.042 s`, `0.42 s`, `12.3 s`, then a clock. */
export function formatSeconds(seconds: number): string {
  if (seconds >= 60) return formatDuration(seconds);
  return `${seconds < 0.1 ? seconds.toFixed(3) : seconds < 10 ? seconds.toFixed(2) : seconds.toFixed(1)} s`;
}

export function formatBytes(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  for (const [unit, size] of [['kB', 1e3], ['MB', 1e6]] as const) {
    if (bytes < size * 999.5) return `${(bytes / size).toFixed(bytes < size * 10 ? 1 : 0)} ${unit}`;
  }
  return `${(bytes / 1e9).toFixed(1)} GB`;
}

/** One digit after the point below 100, so that the width hardly changes. */
export function formatRate(framesPerMinute: number): string {
  return framesPerMinute < 100 ? framesPerMinute.toFixed(1) : Math.round(framesPerMinute).toLocaleString('en');
}

export function formatCount(count: number): string {
  return count.toLocaleString('en');
}

export function frames(count: number): string {
  return count === 1 ? '1 frame' : `${formatCount(count)} frames`;
}

/** Time of day with seconds, for logs. @param time milliseconds since 1970 */
export function formatTime(time: number): string {
  return new Date(time).toLocaleTimeString('en-GB');
}

export const JOB_STATE_WORDS: Record<JobState, string> = {
  queued: 'Queued',
  rendering: 'Rendering',
  paused: 'Paused',
  completed: 'Completed',
  failed: 'Failed',
  cancelled: 'Cancelled',
};

/** How far a job is, 0 to 1: frames that need no more work of all frames. */
export function jobProgress(job: Job): number {
  const { total, done, failed, skipped } = job.frames;
  return total === 0 ? 0 : (done + failed + skipped) / total;
}

/** A frame in words, for people who can't see its cell. */
export function describeFrame(number: number, frame: Frame | undefined): string {
  if (!frame) return `Frame ${number}, not in this job`;
  const tries = frame.attempts > 1 ? `, try ${frame.attempts}` : '';
  switch (frame.state) {
    case 'waiting':
      return `Frame ${number}, waiting${frame.attempts > 0 ? ` for another try${frame.reason ? `: ${frame.reason}` : ''}` : ''}`;
    case 'rendering':
      return `Frame ${number}, rendering${tries}`;
    case 'done':
      return `Frame ${number}, done${frame.seconds === null ? '' : ` in ${formatSeconds(frame.seconds)}`}${frame.attempts > 1 ? ` at try ${frame.attempts}` : ''}`;
    case 'skipped':
      return `Frame ${number}, skipped: ${frame.reason ?? 'its image was there already'}`;
    case 'failed':
      return `Frame ${number}, failed: ${frame.reason ?? 'no reason was given'}`;
  }
}
