/** Columns of Grafana’s grid. */
const COLUMNS = 24;

export interface Place {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/**
 * Lays panels out from the top left, each as far up and then as far left as it goes, below everything that was closed
 * off.
 *
 * Units are those of Grafana’s grid: 24 columns, and rows of 30 pixels.
 */
export function createGrid(): { place(w: number, h: number): Place; closeOff(): void } {
  const heights = Array.from({ length: COLUMNS }, () => 0);
  return {
    place(w, h) {
      let best = { x: 0, y: Infinity };
      for (let x = 0; x + w <= COLUMNS; x++) {
        const y = Math.max(...heights.slice(x, x + w));
        if (y < best.y) best = { x, y };
      }
      heights.fill(best.y + h, best.x, best.x + w);
      return { ...best, w, h };
    },
    /** Whatever comes next starts below everything that is there. */
    closeOff: () => void heights.fill(Math.max(...heights)),
  };
}
