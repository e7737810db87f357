import { isStatsLine } from './render-stats';

/** The last lines of Blender's output. */
export interface LogLines {
  add(line: string): void;
  /** Oldest first. */
  list(): string[];
  clear(): void;
}

/** @param limit number of lines kept; of consecutive progress lines only the last is kept */
export function logLines(limit: number): LogLines {
  let lines: string[] = [];
  return {
    add(line) {
      if (lines.length > 0 && isStatsLine(line) && isStatsLine(lines[lines.length - 1]!)) lines.pop();
      lines.push(line);
      // Cut in batches: shifting the array for every line would be slower.
      if (lines.length >= limit * 2) lines = lines.slice(-limit);
    },
    list: () => lines.slice(-limit),
    clear() {
      lines = [];
    },
  };
}
