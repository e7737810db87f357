/** Into how many stretches a shot is divided at most: enough to follow a camera move, few enough to solve in a fraction of a millisecond. */
const STRETCHES = 32;
/**
 * How far along the shot (as a share of it) frame times may hang together, with a preference for the longer (as a logarithm). Every one is tried with every ratio below, and counts by how well
 * it explains the times that were seen.
 */
const LENGTHS = [
  [0.06, -2],
  [0.25, -1],
  [1, 0],
  [4, 0],
] as const;
/** How large the curve's variance may be against that of chance from one frame to the next. */
const RATIOS = [0.1, 1, 10, 100, 1000];
/** By how much, as a logarithm, a curve must explain the times better than a flat line to count as much: chance often looks like a trend. */
const PREFER_FLAT = 4;
/** As if one frame more had been seen that is off by this share: two equal times are no proof that all will be. */
const LEAST_DEVIATION = 0.1;

/** Several frames of one stretch. Seconds. */
interface Stretch {
  count: number;
  mean: number;
  /** Sum of squared deviations from the mean. */
  squares: number;
}

/** What frames not seen yet will take, as far as can be told. Seconds and their squares. */
export interface Outlook {
  /** Of one frame of each stretch. */
  readonly means: readonly number[];
  /** Of all frames asked for together. */
  readonly sum: number;
  /** Of that sum: chance, and what is not known about the curve. */
  readonly variance: number;
  /** Of a single frame, by chance. */
  readonly noise: number;
}

/**
 * How frame times run along a shot. An animation drifts: frames near a frame tell most about it. The curve is a Gaussian process over stretches of the shot (constant mean, Matérn 3/2), averaged over a grid of
 * its parameters; so between frames that were seen it interpolates, beyond them it follows the trend for a while and then returns towards the mean, and it knows how little it knows.
 */
export interface FrameTimeCurve {
  readonly stretches: number;
  stretchOf(frame: number): number;
  see(frame: number, seconds: number): void;
  /**
   * @param left how many frames of each stretch are asked for
   * @param extra times that are not certain to belong in the curve, taken in for this answer only
   * @returns null while nothing was seen
   */
  outlook(
    left: readonly number[],
    extra?: readonly { readonly frame: number; readonly seconds: number }[],
  ): Outlook | null;
}

/** @param first @param last the job's lowest and highest frame numbers @param count of its frames */
export function createFrameTimeCurve(first: number, last: number, count: number): FrameTimeCurve {
  const stretches = Math.max(1, Math.min(STRETCHES, count, last - first + 1));
  const seen: Stretch[] = Array.from({ length: stretches }, () => ({ count: 0, mean: 0, squares: 0 }));
  const stretchOf = (frame: number): number =>
    Math.max(0, Math.min(stretches - 1, Math.floor(((frame - first) * stretches) / (last - first + 1))));
  return {
    stretches,
    stretchOf,
    see: (frame, seconds) => add(seen[stretchOf(frame)]!, seconds),
    outlook(left, extra = []) {
      const used = extra.length === 0 ? seen : seen.map((stretch) => ({ ...stretch }));
      for (const { frame, seconds } of extra) add(used[stretchOf(frame)]!, seconds);
      return lookOut(used, left);
    },
  };
}

function add(stretch: Stretch, seconds: number): void {
  stretch.count++;
  const off = seconds - stretch.mean;
  stretch.mean += off / stretch.count;
  stretch.squares += off * (seconds - stretch.mean);
}

/** What one choice of parameters says. */
interface Opinion extends Outlook {
  /** Logarithm of how well it explains what was seen. */
  readonly likelihood: number;
}

function lookOut(seen: readonly Stretch[], left: readonly number[]): Outlook | null {
  const known = seen.flatMap(({ count }, index) => (count > 0 ? [index] : []));
  if (known.length === 0) return null;
  const opinions = [opinionOf(seen, known, left, 1, 0, PREFER_FLAT)];
  // Where one stretch is known, nothing can be said about the shape.
  if (known.length > 1)
    for (const [length, preference] of LENGTHS)
      for (const ratio of RATIOS) opinions.push(opinionOf(seen, known, left, length, ratio, preference));
  const best = Math.max(...opinions.map(({ likelihood }) => likelihood));
  const weights = opinions.map(({ likelihood }) => Math.exp(likelihood - best));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const average = (pick: (opinion: Opinion) => number): number =>
    opinions.reduce((sum, opinion, index) => sum + weights[index]! * pick(opinion), 0) / total;
  const sum = average((opinion) => opinion.sum);
  const means = seen.map((_, index) => average((opinion) => opinion.means[index]!));
  return {
    means,
    sum,
    variance: average((opinion) => opinion.variance + (opinion.sum - sum) ** 2) + doubt(seen, known, left, means) ** 2,
    noise: average((opinion) => opinion.noise),
  };
}

/**
 * What the curve does beyond the frames that were seen is a guess whatever it was so far: the more so, the further it moves away from there.
 *
 * @returns a standard deviation of the sum
 */
function doubt(
  seen: readonly Stretch[],
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
 * Gaussian process regression with a constant mean that is not known (generalised least squares), the scale taken from the residuals (restricted maximum likelihood). Rasmussen and Williams,
 * “Gaussian Processes for Machine Learning”, sections 2.7 and 5.4.
 *
 * @param ratio variance of the curve against that of chance
 */
function opinionOf(
  seen: readonly Stretch[],
  known: readonly number[],
  left: readonly number[],
  length: number,
  ratio: number,
  preference: number,
): Opinion {
  const n = known.length;
  const stretches = seen.length;
  const covariance = new Float64Array(stretches);
  for (let distance = 0; distance < stretches; distance++) {
    const scaled = (Math.sqrt(3) * distance) / stretches / length;
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
  const noise = (squares + (LEAST_DEVIATION * (total / frames)) ** 2) / frames;
  let logDeterminant = Math.log(precision);
  for (let i = 0; i < n; i++) logDeterminant += 2 * Math.log(lower[i * n + i]!);

  const solved = residual.slice();
  backward(lower, n, solved);
  // Trends end somewhere, in both directions.
  const least = known.reduce((low, index) => Math.min(low, seen[index]!.mean), Number.POSITIVE_INFINITY) / 3;
  const most = known.reduce((high, index) => Math.max(high, seen[index]!.mean), 0) * 1.25;
  const means: number[] = [];
  const towards = new Float64Array(n);
  let sum = 0;
  let own = 0;
  let asked = 0;
  for (let index = 0; index < stretches; index++) {
    let value = mean;
    for (let i = 0; i < n; i++) value += between(index, known[i]!) * solved[i]!;
    value = Math.min(most, Math.max(value, least));
    means.push(value);
    const count = left[index]!;
    if (count === 0) continue;
    sum += count * value;
    asked += count;
    for (let i = 0; i < n; i++) towards[i]! += count * between(index, known[i]!);
    for (let other = 0; other < stretches; other++) own += count * left[other]! * between(index, other);
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

/** Cholesky's factor of a symmetric positive matrix (its lower half, row by row), in place. */
function factorise(a: Float64Array, n: number): void {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = a[i * n + j]!;
      for (let k = 0; k < j; k++) sum -= a[i * n + k]! * a[j * n + k]!;
      a[i * n + j] = i === j ? Math.sqrt(Math.max(sum, 1e-12)) : sum / a[j * n + j]!;
    }
  }
}

function forward(lower: Float64Array, n: number, x: Float64Array): void {
  for (let i = 0; i < n; i++) {
    let sum = x[i]!;
    for (let k = 0; k < i; k++) sum -= lower[i * n + k]! * x[k]!;
    x[i] = sum / lower[i * n + i]!;
  }
}

function backward(lower: Float64Array, n: number, x: Float64Array): void {
  for (let i = n - 1; i >= 0; i--) {
    let sum = x[i]!;
    for (let k = i + 1; k < n; k++) sum -= lower[k * n + i]! * x[k]!;
    x[i] = sum / lower[i * n + i]!;
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
