/*
 * When a machine sleeps: `mon-fri 8:00-18:00, sat 10:00-12:30`. Without days it is every day; a time that ends before it
 * begins lasts until the next day.
 */

const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const DAY = 24 * 60;
const WEEK = 7 * DAY;
const PART = /^(?:([a-z]{3})(?:-([a-z]{3}))?\s+)?(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})$/;
const MAX_PARTS = 50;

/** What a schedule must be, for error sentences. */
export const SCHEDULE_RULE = 'write times as “mon-fri 8:00-18:00, sat 10:00-12:30”, or none';

/** A time of every week, in minutes since the beginning of Sunday; `to` may lie in the next week. */
export interface WeekTime {
  readonly from: number;
  readonly to: number;
}

/** @returns null when the text is no schedule; an empty list for one that never sleeps */
export function readSchedule(text: string): WeekTime[] | null {
  if (/^(none)?$/i.test(text.trim())) return [];
  const parts = text.toLowerCase().split(',');
  if (parts.length > MAX_PARTS) return null;
  const times: WeekTime[] = [];
  for (const part of parts) {
    const read = timesOf(part.trim());
    if (!read) return null;
    times.push(...read);
  }
  return times;
}

function timesOf(part: string): WeekTime[] | null {
  const match = PART.exec(part);
  if (!match) return null;
  const [, firstDay = 'sun', lastDay = match[1] ?? 'sat', ...clock] = match;
  const [first, last] = [DAYS.indexOf(firstDay), DAYS.indexOf(lastDay)];
  const [fromHour, fromMinute, toHour, toMinute] = clock.map(Number) as [number, number, number, number];
  const [from, to] = [fromHour * 60 + fromMinute, toHour * 60 + toMinute];
  if (first < 0 || last < 0 || fromMinute > 59 || toMinute > 59 || from >= DAY || to > DAY || from === to) return null;
  // `fri-mon` goes over the end of the week.
  const days = Array.from({ length: ((last - first + 7) % 7) + 1 }, (_value, index) => (first + index) % 7);
  return days.map((day) => ({ from: day * DAY + from, to: day * DAY + (to > from ? to : to + DAY) }));
}

/**
 * Whether a machine sleeps.
 *
 * @param now milliseconds since 1970
 * @param utcOffset minutes that the machine's clock is ahead of UTC
 */
export function sleepsNow(times: readonly WeekTime[], now: number, utcOffset: number): boolean {
  const local = new Date(now + utcOffset * 60_000);
  const minute = local.getUTCDay() * DAY + local.getUTCHours() * 60 + local.getUTCMinutes();
  return times.some(({ from, to }) => (minute >= from && minute < to) || minute + WEEK < to);
}
