/** The last lines of a log. */
export interface LogLines {
  add(line: string): void;
  /** Oldest first. */
  list(): string[];
  clear(): void;
}

/** @param limit how many lines are kept */
export function logLines(limit: number): LogLines {
  let lines: string[] = [];
  return {
    add(line) {
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
