/** A line of a list that is drawn, and which element draws it. */
export interface PlacedLine<Line> {
  readonly line: Line;
  /** Names the element: a line that takes over that of another one changes its texts and makes nothing anew. */
  readonly slot: number;
}

interface Options<Line> {
  readonly keyOf: (line: Line) => unknown;
  /** Whether elements of lines like this one may be taken over, and whether it may take over one. */
  readonly recycles: (line: Line) => boolean;
  /** Whether the elements are to stand in the order of the lines, for people who hear them. */
  readonly inOrder: boolean;
}

/**
 * Gives each line that is in sight an element: the one that it has, one of a line that was scrolled away, or a new one.
 * An element that is moved is laid out anew, so while a list scrolls each stays where it stands among the others.
 *
 * @param before what was drawn before
 * @param lines what is to be drawn, in order
 */
export function placeLines<Line>(
  before: readonly PlacedLine<Line>[],
  lines: readonly Line[],
  { keyOf, recycles, inOrder }: Options<Line>,
): PlacedLine<Line>[] {
  const wanted = new Map(lines.map((line) => [keyOf(line), line]));
  let next = Math.max(-1, ...before.map(({ slot }) => slot)) + 1;
  const placed: PlacedLine<Line>[] = [];
  const staying = new Set(before.map(({ line }) => keyOf(line)).filter((key) => wanted.has(key)));
  const fresh = lines.filter((line) => !staying.has(keyOf(line)));
  const taking = fresh.filter(recycles).values();
  const took = new Set<Line>();
  for (const { line: old, slot } of before) {
    const line = wanted.get(keyOf(old)) ?? (recycles(old) ? taking.next().value : undefined);
    if (line === undefined) continue;
    took.add(line);
    placed.push({ line, slot });
  }
  for (const line of fresh) if (!took.has(line)) placed.push({ line, slot: next++ });
  if (!inOrder) return placed;
  const rank = new Map(lines.map((line, index) => [line, index]));
  return placed.sort((a, b) => rank.get(a.line)! - rank.get(b.line)!);
}
