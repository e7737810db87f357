/**
 * Lines of an engine's output that tell of something that went wrong: errors of Blender, Cycles and Python, and of the
 * browser. It is a help to find one's way, and nothing is decided by it.
 */
const ERROR =
  /\b(?:error|fatal|traceback|exception|segmentation fault|out of memory|bad_alloc|aborted|crashed|assertion failed|context lost)\b/i;
/** Says that there are none, or is a warning that has the word in it. */
const NO_ERROR = /\b(?:no|0|without) errors?\b|\berror[- ]?(?:threshold|rate)\b/i;

/** @returns the indices of lines that tell of an error, ascending */
export function errorLines(lines: readonly string[]): number[] {
  return lines.flatMap((line, index) => (ERROR.test(line) && !NO_ERROR.test(line) ? [index] : []));
}

/** The next or previous of some lines, going round at the end; null where there is none. */
export function stepLine(lines: readonly number[], from: number | null, by: 1 | -1): number | null {
  if (lines.length === 0) return null;
  if (from === null) return by === 1 ? lines[0]! : lines.at(-1)!;
  const next = by === 1 ? lines.find((line) => line > from) : lines.findLast((line) => line < from);
  return next ?? (by === 1 ? lines[0]! : lines.at(-1)!);
}
