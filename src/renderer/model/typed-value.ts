/** Highest frame rate of a job, frames per second; as jobRequestSchema has it. */
export const MAX_FPS = 1_000;

/** A number as people write it; null for everything else. */
export function readNumber(text: string): number | null {
  return /^\s*-?(\d+\.?\d*|\.\d+)\s*$/.test(text) ? Number(text) : null;
}

/** Frames per second. @returns null where the text is no rate that a job can have */
export function readFrameRate(text: string): number | null {
  const rate = readNumber(text);
  return rate === null || rate <= 0 || rate > MAX_FPS ? null : rate;
}

/** Numbers of jobs as they are typed. @returns null where they can't be read */
export function readJobs(text: string): number[] | null {
  if (text.trim() === '') return [];
  if (!/^\s*#?\d{1,15}(\s*[,; ]\s*#?\d{1,15})*\s*$/.test(text)) return null;
  return [...new Set((text.match(/\d+/g) ?? []).map(Number))];
}

/** What the up and down keys make of a number field. @returns null where its text is not a number */
export function stepped(text: string, by: number, min: number): string | null {
  const value = readNumber(text === '' ? '0' : text);
  return value === null ? null : String(Math.max(min, Math.round((value + by) * 1_000) / 1_000));
}
