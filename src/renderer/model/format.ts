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

/**
 * A time that nobody knows to the second, in words: `45 s`, `12 min`, `3 h 20 min`, `2 d 4 h`. @param seconds 0 or more
 */
export function formatAbout(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  if (minutes < 24 * 60) return `${Math.floor(minutes / 60)} h${minutes % 60 === 0 ? '' : ` ${minutes % 60} min`}`;
  const hours = Math.round(seconds / 3_600);
  return `${Math.floor(hours / 24)} d${hours % 24 === 0 ? '' : ` ${hours % 24} h`}`;
}

/**
 * The time left as it is likely to be, and in brackets what suffices nine times out of ten: `12 min (up to 18)`, `50 s
 * (up to 2 min)`.
 *
 * @returns null while it can't be told
 */
export function formatTimeLeft(seconds: number | null, p90: number | null): string | null {
  if (seconds === null) return null;
  const likely = formatAbout(seconds);
  if (p90 === null || p90 <= seconds) return likely;
  const most = formatAbout(p90);
  if (most === likely) return likely;
  const [, number, unit] = /^(\d+) (s|min)$/.exec(most) ?? [];
  return `${likely} (up to ${number !== undefined && likely.endsWith(` ${unit}`) && /^\d+ \S+$/.test(likely) ? number : most})`;
}

/** Day and time of day, without the day where it is today's. @param time milliseconds since 1970 */
export function formatMoment(time: number, now: number): string {
  const [date, today] = [new Date(time), new Date(now)];
  const clock = date.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
  if (date.toDateString() === today.toDateString()) return clock;
  return `${date.toLocaleDateString('en-GB', { weekday: 'short', day: 'numeric', month: 'short' })}, ${clock}`;
}

/** Seconds with as many digits as say something: `0.042 s`, `0.42 s`, `12.3 s`, then a clock. */
export function formatSeconds(seconds: number): string {
  if (seconds >= 60) return formatDuration(seconds);
  return `${seconds < 0.1 ? seconds.toFixed(3) : seconds < 10 ? seconds.toFixed(2) : seconds.toFixed(1)} s`;
}

export function formatBytes(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  for (const [unit, size] of [
    ['kB', 1e3],
    ['MB', 1e6],
  ] as const) {
    if (bytes < size * 999.5) return `${(bytes / size).toFixed(bytes < size * 10 ? 1 : 0)} ${unit}`;
  }
  return `${(bytes / 1e9).toFixed(1)} GB`;
}

/** One digit after the point below 100, so that the width hardly changes. */
export function formatRate(framesPerMinute: number): string {
  return framesPerMinute < 100 ? framesPerMinute.toFixed(1) : Math.round(framesPerMinute).toLocaleString('en');
}

/** Made once: a list of many jobs formats thousands of numbers while it is scrolled. */
const COUNT = new Intl.NumberFormat('en');

export function formatCount(count: number): string {
  return COUNT.format(count);
}

export function frames(count: number): string {
  return count === 1 ? '1 frame' : `${formatCount(count)} frames`;
}

export function jobCount(count: number): string {
  return count === 1 ? '1 job' : `${formatCount(count)} jobs`;
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

/** How far a job is, 0 to 1: frames whose image is there, of all frames. One that failed is no progress. */
export function jobProgress(job: Job): number {
  const { total, done, skipped } = job.frames;
  return total === 0 ? 0 : (done + skipped) / total;
}

/** With its sign, as priorities are written: `+5`, `0`, `−3`. */
export function signed(value: number): string {
  return value > 0 ? `+${value}` : value < 0 ? `−${-value}` : '0';
}

/** A frame in words, for people who can't see its cell. */
export function describeFrame(number: number, frame: Frame | undefined): string {
  if (!frame) return `Frame ${number}, not in this job`;
  const tries = frame.attempts > 1 ? `, attempt ${frame.attempts}` : '';
  switch (frame.state) {
    case 'waiting':
      return `Frame ${number}, waiting${frame.attempts > 0 ? ` for another attempt${frame.reason ? `: ${frame.reason}` : ''}` : ''}`;
    case 'rendering':
      return `Frame ${number}, rendering${tries}`;
    case 'done':
      return `Frame ${number}, done${frame.seconds === null ? '' : ` in ${formatSeconds(frame.seconds)}`}${frame.attempts > 1 ? ` at attempt ${frame.attempts}` : ''}${frame.suspicion === null ? '' : `; looks wrong: ${frame.suspicion}`}`;
    case 'skipped':
      return `Frame ${number}, skipped: ${frame.reason ?? 'its image was there already'}`;
    case 'failed':
      return `Frame ${number} failed: ${frame.reason ?? 'no reason was given'}`;
  }
}
