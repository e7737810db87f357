import type { Frame, Job, JobState } from '../../shared/jobs';
import type { Values } from '../../shared/texts/message-format';
import { locale, msg, t } from '../../shared/texts/translate';

/** A duration as a clock: `0:07`, `12:34`, `3:07:09`, `2 d 4 h`. @param seconds 0 or more */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const days = Math.floor(whole / 86_400);
  if (days > 0) return t('{days} d {hours} h', { days, hours: Math.floor((whole % 86_400) / 3_600) });
  const [hours, minutes, rest] = [Math.floor(whole / 3_600), Math.floor((whole % 3_600) / 60), whole % 60];
  const two = (value: number): string => String(value).padStart(2, '0');
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

/**
 * A time that nobody knows to the second, in words: `45 s`, `12 min`, `3 h 20 min`, `2 d 4 h`. @param seconds 0 or more
 */
export function formatAbout(seconds: number): string {
  if (seconds < 90) return t('{seconds} s', { seconds: Math.max(1, Math.round(seconds)) });
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return t('{minutes} min', { minutes });
  const hours = minutes < 24 * 60 ? Math.floor(minutes / 60) : Math.round(seconds / 3_600);
  if (minutes < 24 * 60)
    return minutes % 60 === 0
      ? t('{hours} h', { hours })
      : t('{hours} h {minutes} min', { hours, minutes: minutes % 60 });
  const days = Math.floor(hours / 24);
  return hours % 24 === 0 ? t('{days} d', { days }) : t('{days} d {hours} h', { days, hours: hours % 24 });
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
  // Both in seconds, or both in minutes: the unit is said once.
  const unitOf = (value: number): string => (value < 90 ? 's' : Math.round(value / 60) < 60 ? 'min' : '');
  const unit = unitOf(seconds);
  const short = unit !== '' && unit === unitOf(p90);
  return t('{likely} (up to {most})', {
    likely,
    most: short ? Math.round(unit === 's' ? p90 : p90 / 60) : most,
  });
}

/** Day and time of day, without the day where it is today's. @param time milliseconds since 1970 */
export function formatMoment(time: number, now: number): string {
  return withDay(time, now, new Date(time).toLocaleTimeString(locale(), { hour: '2-digit', minute: '2-digit' }));
}

/** The same with seconds. @param time milliseconds since 1970 */
export function formatTimeWithDay(time: number, now: number): string {
  return withDay(time, now, formatTime(time));
}

function withDay(time: number, now: number, clock: string): string {
  const date = new Date(time);
  if (date.toDateString() === new Date(now).toDateString()) return clock;
  const day = date.toLocaleDateString(locale(), { weekday: 'short', day: 'numeric', month: 'short' });
  return t('{day}, {clock}', { day, clock });
}

/** Seconds with as many digits as say something: `0.042 s`, `0.42 s`, `12.3 s`, then a clock. */
export function formatSeconds(seconds: number): string {
  if (seconds >= 60) return formatDuration(seconds);
  return t('{seconds} s', { seconds: formatFixed(seconds, seconds < 0.1 ? 3 : seconds < 10 ? 2 : 1) });
}

/** Made once: a list of many jobs formats thousands of numbers while it is scrolled. By locale and digits. */
const NUMBERS = new Map<string, Intl.NumberFormat>();

/** A number with so many digits after the point. */
export function formatFixed(value: number, digits: number): string {
  const key = `${locale()} ${digits}`;
  let numbers = NUMBERS.get(key);
  if (!numbers) {
    numbers = new Intl.NumberFormat(locale(), { minimumFractionDigits: digits, maximumFractionDigits: digits });
    NUMBERS.set(key, numbers);
  }
  return numbers.format(value);
}

export function formatBytes(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  for (const [unit, size] of [
    ['kB', 1e3],
    ['MB', 1e6],
  ] as const) {
    if (bytes < size * 999.5) return `${formatFixed(bytes / size, bytes < size * 10 ? 1 : 0)} ${unit}`;
  }
  return `${formatFixed(bytes / 1e9, 1)} GB`;
}

/** One digit after the point below 100, so that the width hardly changes. */
export function formatRate(framesPerMinute: number): string {
  return formatFixed(framesPerMinute, framesPerMinute < 100 ? 1 : 0);
}

export function formatCount(count: number): string {
  return formatFixed(count, 0);
}

export function frames(count: number): string {
  return t('{count, plural, one {# frame} other {# frames}}', { count });
}

export function jobCount(count: number): string {
  return t('{count, plural, one {# job} other {# jobs}}', { count });
}

/** Time of day with seconds. @param time milliseconds since 1970 */
function formatTime(time: number): string {
  return new Date(time).toLocaleTimeString(locale());
}

/** To be given to `t`. */
export const JOB_STATE_WORDS: Record<JobState, string> = {
  queued: msg('Queued'),
  rendering: msg('Rendering'),
  paused: msg('Paused'),
  completed: msg('Completed'),
  failed: msg('Failed'),
  cancelled: msg('Cancelled'),
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

/**
 * A frame in words, for people who can't see its cell.
 *
 * @param records whether the host has listed the job's frames; null where there is no job
 */
export function describeFrame(
  number: number,
  frame: Frame | undefined,
  records: 'loading' | 'failed' | 'ready' | null = 'ready',
): string {
  if (!frame) return describeMissing(String(number), records);
  const values = {
    number: String(number),
    attempt: frame.attempts,
    reason: frame.reason ?? '',
    time: frame.seconds === null ? '' : formatSeconds(frame.seconds),
  };
  switch (frame.state) {
    case 'waiting':
      if (frame.attempts === 0) return t('Frame {number}, waiting', values);
      return frame.reason
        ? t('Frame {number}, waiting for another attempt: {reason}', values)
        : t('Frame {number}, waiting for another attempt', values);
    case 'rendering':
      return frame.attempts > 1
        ? t('Frame {number}, rendering, attempt {attempt}', values)
        : t('Frame {number}, rendering', values);
    case 'done':
      return `${describeDone(frame, values)}${frame.suspicion === null ? '' : t('; looks wrong: {suspicion}', { suspicion: frame.suspicion })}`;
    case 'skipped':
      return t('Frame {number}, skipped: {reason}', {
        ...values,
        reason: frame.reason ?? t('its image was there already'),
      });
    case 'failed':
      return t('Frame {number} failed: {reason}', { ...values, reason: frame.reason ?? t('no reason was given') });
  }
}

function describeMissing(number: string, records: 'loading' | 'failed' | 'ready' | null): string {
  switch (records) {
    case null:
      return t('Frame {number}', { number });
    case 'loading':
      return t('Frame {number}: its record is being read…', { number });
    case 'failed':
      return t('Frame {number}: its record could not be read', { number });
    case 'ready':
      return t('Frame {number}, not in this job', { number });
  }
}

function describeDone(frame: Frame, values: Values): string {
  if (frame.seconds === null)
    return frame.attempts > 1
      ? t('Frame {number}, done at attempt {attempt}', values)
      : t('Frame {number}, done', values);
  return frame.attempts > 1
    ? t('Frame {number}, done in {time} at attempt {attempt}', values)
    : t('Frame {number}, done in {time}', values);
}
