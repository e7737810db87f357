import { backward, dot, factorise, forward } from './cholesky';

/**
 * Maximum number of segments a shot is divided into: enough to follow a camera move, few enough to solve in a fraction
 * of a millisecond.
 */
const SEGMENTS = 32;
/**
 * Correlation lengths of frame times, as a share of the shot, each with a prior that favours longer ones (log weight).
 * Each is combined with every ratio below and weighted by its likelihood.
 */
const LENGTHS = [
  [0.06, -2],
  [0.25, -1],
  [1, 0],
  [4, 0],
] as const;
/** Ratios of the curve's variance to the frame-to-frame noise. */
const RATIOS = [0.1, 1, 10, 100, 1000];
/** Log-likelihood by which a curve must beat a flat line to get the same weight: noise often resembles a trend. */
const PREFER_FLAT = 4;
/** Adds one pseudo-observation with this relative deviation: two equal times do not prove that all are equal. */
const LEAST_DEVIATION = 0.1;
/** Seconds that a frame counts as at least there: without any deviation a curve would be infinitely likely. */
const LEAST_SECONDS = 0.001;

/** Statistics of the frames seen in one segment. Seconds. */
interface Segment {
  count: number;
  mean: number;
  /** Sum of squared deviations from the mean. */
  squares: number;
}

/** Predicted times of frames not rendered yet. Seconds and squared seconds. */
export interface Forecast {
  /** Mean frame time of each segment. */
  readonly means: readonly number[];
  /** Total of all frames asked for. */
  readonly sum: number;
  /** Variance of that total: noise plus uncertainty about the curve. */
  readonly variance: number;
  /** Noise variance of a single frame. */
  readonly noise: number;
}

/**
 * Models how frame times vary along a shot. Neighbouring frames of an animation take similar times, so the curve is a
 * Gaussian process over segments of the shot (constant mean, Matérn 3/2), averaged over a grid of hyperparameters. It
 * interpolates between observed frames, follows the trend for a while beyond them before returning to the mean, and
 * reports its own uncertainty.
 */
export interface FrameTimeCurve {
  readonly segments: number;
  segmentOf(frame: number): number;
  see(frame: number, seconds: number): void;
  /**
   * @param left number of remaining frames in each segment
   * @param extra observations that may be outliers, used for this prediction only
   * @returns null before the first observation
   */
  forecast(
    left: readonly number[],
    extra?: readonly { readonly frame: number; readonly seconds: number }[],
  ): Forecast | null;
}

/** @param first @param last the job's lowest and highest frame numbers @param count number of frames */
export function createFrameTimeCurve(first: number, last: number, count: number): FrameTimeCurve {
  const segments = Math.max(1, Math.min(SEGMENTS, count, last - first + 1));
  const seen: Segment[] = Array.from({ length: segments }, () => ({ count: 0, mean: 0, squares: 0 }));
  const segmentOf = (frame: number): number =>
    Math.max(0, Math.min(segments - 1, Math.floor(((frame - first) * segments) / (last - first + 1))));
  return {
    segments,
    segmentOf,
    see: (frame, seconds) => add(seen[segmentOf(frame)]!, seconds),
    forecast(left, extra = []) {
      const used = extra.length === 0 ? seen : seen.map((segment) => ({ ...segment }));
      for (const { frame, seconds } of extra) add(used[segmentOf(frame)]!, seconds);
      return forecastOf(used, left);
    },
  };
}

function add(segment: Segment, seconds: number): void {
  segment.count++;
  const off = seconds - segment.mean;
  segment.mean += off / segment.count;
  segment.squares += off * (seconds - segment.mean);
}

/** Prediction under one choice of hyperparameters. */
interface Candidate extends Forecast {
  /** Log-likelihood of the observations. */
  readonly likelihood: number;
}

function forecastOf(seen: readonly Segment[], left: readonly number[]): Forecast | null {
  const known = seen.flatMap(({ count }, index) => (count > 0 ? [index] : []));
  if (known.length === 0) return null;
  const candidates = [candidateOf(seen, known, left, 1, 0, PREFER_FLAT)];
  // With observations in a single segment the shape is unknown.
  if (known.length > 1)
    for (const [length, preference] of LENGTHS)
      for (const ratio of RATIOS) candidates.push(candidateOf(seen, known, left, length, ratio, preference));
  const best = Math.max(...candidates.map(({ likelihood }) => likelihood));
  const weights = candidates.map(({ likelihood }) => Math.exp(likelihood - best));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const average = (pick: (candidate: Candidate) => number): number =>
    candidates.reduce((sum, candidate, index) => sum + weights[index]! * pick(candidate), 0) / total;
  const sum = average((candidate) => candidate.sum);
  const means = seen.map((_, index) => average((candidate) => candidate.means[index]!));
  return {
    means,
    sum,
    variance:
      average((candidate) => candidate.variance + (candidate.sum - sum) ** 2) + doubt(seen, known, left, means) ** 2,
    noise: average((candidate) => candidate.noise),
  };
}

/**
 * Extra uncertainty from extrapolation: beyond the observed frames the curve is a guess, more so with distance.
 *
 * @returns standard deviation of the sum
 */
function doubt(
  seen: readonly Segment[],
  known: readonly number[],
  left: readonly number[],
  means: readonly number[],
): number {
  let beyond = 0;
  let frames = 0;
  for (const [index, mean] of means.entries()) {
    if (index >= known[0]! && index <= known.at(-1)!) continue;
    beyond += left[index]! * mean;
    frames += left[index]!;
  }
  const usual = known.reduce((sum, index) => sum + seen[index]!.mean, 0) / known.length;
  return frames === 0 || usual === 0 ? 0 : beyond * Math.min(0.3, 0.05 + 0.5 * Math.abs(beyond / frames / usual - 1));
}

/**
 * Gaussian process regression with an unknown constant mean (generalised least squares); the scale is estimated from
 * the residuals (restricted maximum likelihood). Rasmussen and Williams, “Gaussian Processes for Machine Learning”,
 * sections 2.7 and 5.4.
 *
 * @param ratio variance of the curve divided by the noise variance
 */
function candidateOf(
  seen: readonly Segment[],
  known: readonly number[],
  left: readonly number[],
  length: number,
  ratio: number,
  preference: number,
): Candidate {
  const n = known.length;
  const segments = seen.length;
  const covariance = new Float64Array(segments);
  for (let distance = 0; distance < segments; distance++) {
    const scaled = (Math.sqrt(3) * distance) / segments / length;
    covariance[distance] = ratio * (1 + scaled) * Math.exp(-scaled);
  }
  const between = (a: number, b: number): number => covariance[Math.abs(a - b)]!;

  const lower = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++)
      lower[i * n + j] = between(known[i]!, known[j]!) + (i === j ? 1 / seen[known[i]!]!.count : 0);
  factorise(lower, n);

  const ones = new Float64Array(n).fill(1);
  const times = Float64Array.from(known, (index) => seen[index]!.mean);
  forward(lower, n, ones);
  forward(lower, n, times);
  const precision = dot(ones, ones);
  const mean = dot(ones, times) / precision;
  const residual = times.map((value, index) => value - mean * ones[index]!);

  let frames = 0;
  let squares = dot(residual, residual);
  let total = 0;
  for (const index of known) {
    frames += seen[index]!.count;
    squares += seen[index]!.squares;
    total += seen[index]!.count * seen[index]!.mean;
  }
  const noise = (squares + (LEAST_DEVIATION * Math.max(LEAST_SECONDS, total / frames)) ** 2) / frames;
  let logDeterminant = Math.log(precision);
  for (let i = 0; i < n; i++) logDeterminant += 2 * Math.log(lower[i * n + i]!);

  const solved = residual.slice();
  backward(lower, n, solved);
  // Limits extrapolated trends in both directions.
  const least = known.reduce((low, index) => Math.min(low, seen[index]!.mean), Number.POSITIVE_INFINITY) / 3;
  const most = known.reduce((high, index) => Math.max(high, seen[index]!.mean), 0) * 1.25;
  const means: number[] = [];
  const towards = new Float64Array(n);
  let sum = 0;
  let own = 0;
  let asked = 0;
  for (let index = 0; index < segments; index++) {
    let value = mean;
    for (let i = 0; i < n; i++) value += between(index, known[i]!) * solved[i]!;
    value = Math.min(most, Math.max(value, least));
    means.push(value);
    const count = left[index]!;
    if (count === 0) continue;
    sum += count * value;
    asked += count;
    for (let i = 0; i < n; i++) towards[i]! += count * between(index, known[i]!);
    for (let other = 0; other < segments; other++) own += count * left[other]! * between(index, other);
  }
  forward(lower, n, towards);
  const unknownMean = (asked - dot(ones, towards)) ** 2 / precision;
  const variance = noise * (Math.max(0, own - dot(towards, towards)) + unknownMean + asked);
  return {
    means,
    sum,
    variance,
    noise,
    likelihood: preference - 0.5 * (Math.max(1, frames - 1) * Math.log(noise) + logDeterminant),
  };
}
