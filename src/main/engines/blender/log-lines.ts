import { isStatsLine } from './render-stats';

/** The last lines of what a Blender printed. */
export interface LogLines {
  add(line: string): void;
  /** Oldest first. */
  list(): string[];
  clear(): void;
}

/** @param limit how many lines are kept; of signs of progress one after the other the last counts */
export function logLines(limit: number): LogLines {
  let lines: string[] = [];
  return {
    add(line) {
      if (lines.length > 0 && isStatsLine(line) && isStatsLine(lines[lines.length - 1]!)) lines.pop();
      lines.push(line);
      // Cut in batches: shifting the array for every line would cost more than the lines.
      if (lines.length >= limit * 2) lines = lines.slice(-limit);
    },
    list: () => lines.slice(-limit),
    clear() {
      lines = [];
    },
  };
}
