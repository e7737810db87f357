/**
 * The Halton sequence: numbers in [0, 1) that cover the interval evenly for any count.
 *
 * @param index from 0
 * @param base a prime; two dimensions need two different ones
 */
export function halton(index: number, base: number): number {
  let result = 0;
  let fraction = 1;
  for (let i = index + 1; i > 0; i = Math.floor(i / base)) {
    fraction /= base;
    result += fraction * (i % base);
  }
  return result;
}

/**
 * Offset of a sample from the centre of its pixel, in pixels, −0.5 to 0.5 per axis. A single sample is at the centre.
 */
export function sampleOffset(sample: number, samples: number): { x: number; y: number } {
  return samples === 1 ? { x: 0, y: 0 } : { x: halton(sample, 2) - 0.5, y: halton(sample, 3) - 0.5 };
}
