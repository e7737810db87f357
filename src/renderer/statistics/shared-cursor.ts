import uPlot from 'uplot';

/** All charts share one cursor: what is under the pointer in one is shown in all. */
export const CURSOR_KEY = 'statistics';
/** How far one press of a key moves the cursor, in parts of the chart's width. */
const STEP = 1 / 100;

/** Where the cursor of all charts is, as a part of their width, 0 to 1; null without one. */
export function cursorPlace(): number | null {
  const first = uPlot.sync(CURSOR_KEY).plots[0];
  const left = first?.cursor.left ?? -1;
  return first && left >= 0 ? Math.min(1, left / first.over.clientWidth) : null;
}

/**
 * Moves the cursor of all charts.
 *
 * @param by steps to the right, or to the left where it is below 0; a cursor that is not there yet comes from the
 * right, where it is now. null takes it away
 */
export function moveCursor(by: number | null): void {
  const { plots } = uPlot.sync(CURSOR_KEY);
  const first = plots[0];
  if (!first) return;
  const left = first.cursor.left ?? -1;
  const at = left < 0 ? 1 : left / first.over.clientWidth;
  const next = by === null ? null : Math.min(1, Math.max(0, at + by * STEP));
  for (const plot of plots)
    plot.setCursor(
      next === null ? { left: -10, top: -10 } : { left: next * plot.over.clientWidth, top: plot.over.clientHeight / 2 },
    );
}
