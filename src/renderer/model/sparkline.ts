/**
 * An SVG path through values, oldest at the left, the smallest at the bottom; a flat line stands in the middle. A null
 * leaves a gap.
 *
 * @param width and height in units of the drawing
 */
export function sparklinePath(points: readonly (number | null)[], width: number, height: number): string {
  const values = points.filter((point) => point !== null);
  if (values.length === 0) return '';
  const least = Math.min(...values);
  const range = Math.max(...values) - least;
  const step = points.length > 1 ? width / (points.length - 1) : 0;
  // Room for the line's own width.
  const inner = height - 4;
  const parts: string[] = [];
  let pen = 'M';
  points.forEach((point, index) => {
    if (point === null) {
      pen = 'M';
      return;
    }
    // Divided first: the range of two finite numbers may not be finite.
    const part = range === 0 || !Number.isFinite(range) ? 0.5 : (point - least) / range;
    parts.push(`${pen}${round(index * step)} ${round(2 + inner * (1 - part))}`);
    // A single point is drawn too.
    if (pen === 'M') parts.push('h0.01');
    pen = 'L';
  });
  return parts.join('');
}

const round = (value: number): number => Math.round(value * 100) / 100;
