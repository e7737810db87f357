/**
 * The Halton sequence: numbers in [0, 1) that fill the interval evenly however many are taken.
 *
 * @param index from 0
 * @param base a prime; two dimensions take two of them
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

/** Where in its pixel a sample looks, in pixels from the middle, each −0.5 to 0.5. A single sample looks at the middle. */
export function sampleOffset(sample: number, samples: number): { x: number; y: number } {
  return samples === 1 ? { x: 0, y: 0 } : { x: halton(sample, 2) - 0.5, y: halton(sample, 3) - 0.5 };
}
