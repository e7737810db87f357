/** Properties that make a rendered image suspicious. Each tolerates the noise that dithering adds to a flat image. */
export interface ImageStatistics {
  /** All pixels have the same colour and alpha. */
  readonly uniform: boolean;
  /** All pixels are black, whatever their alpha. */
  readonly black: boolean;
  /** All pixels are fully transparent. */
  readonly transparent: boolean;
}

/** Differences up to this share of white come from dithering or lossy compression: two steps of 8 bits. */
const NOISE = 2 / 255;

export interface PixelTally {
  /** @returns whether more pixels could still change the result */
  add(samples: ArrayLike<number>, fromPixel: number, toPixel: number): boolean;
  result(): ImageStatistics;
}

/**
 * Accumulates statistics of pixels in any number of steps.
 *
 * @param channels 1 grey, 2 grey and alpha, 3 colours, 4 colours and alpha
 * @param white the value of white; floats may exceed it
 * @param noise as a share of white
 */
export function createPixelTally(channels: 1 | 2 | 3 | 4, white: number, noise = NOISE): PixelTally {
  const allowed = noise * white;
  const colors = channels <= 2 ? 1 : 3;
  const alpha = channels % 2 === 0;
  const least = Array.from({ length: channels }, () => Number.POSITIVE_INFINITY);
  const most = Array.from({ length: channels }, () => Number.NEGATIVE_INFINITY);
  const result = (): ImageStatistics => ({
    uniform: most.every((value, channel) => value - least[channel]! <= allowed * Math.max(1, value / white)),
    black: most.slice(0, colors).every((value) => value <= allowed),
    transparent: alpha && most[channels - 1]! <= allowed,
  });
  return {
    add(samples, fromPixel, toPixel) {
      for (let channel = 0; channel < channels; channel++) {
        let low = least[channel]!;
        let high = most[channel]!;
        for (let at = fromPixel * channels + channel; at < toPixel * channels; at += channels) {
          const value = samples[at]!;
          if (value < low) low = value;
          if (value > high) high = value;
        }
        least[channel] = low;
        most[channel] = high;
      }
      const { uniform, black, transparent } = result();
      return uniform || black || transparent;
    },
    result,
  };
}
