import { Quaternion } from 'three';

/** Keyframes of one animated value (glTF 2.0, section 3.11). */
export interface Keyframes {
  /** In seconds, strictly ascending. */
  readonly times: Float32Array;
  /** `size` numbers per key; with CUBICSPLINE three times as many: in-tangent, value, out-tangent. */
  readonly values: Float32Array;
  /** Number of components of the value. */
  readonly size: number;
  readonly interpolation: 'STEP' | 'LINEAR' | 'CUBICSPLINE';
  /** A unit quaternion: interpolated along the shorter arc, normalized. */
  readonly isRotation: boolean;
}

/**
 * How far before a key a time may be and still count as the key's, relative to the time: four steps of a 32-bit float.
 * Keys are stored as floats, and exporters round once more before that (frame × (1 / fps)), so the time of frame 7 may
 * fall slightly before the key set on frame 7, and a STEP would appear one frame late.
 */
const KEY_TOLERANCE = 2 ** -21;

/**
 * Writes the value at a time. The first and last values hold before and after the keys.
 *
 * @param out receives `size` numbers
 */
export function valueAt(
  { times, values, size, interpolation, isRotation }: Keyframes,
  seconds: number,
  out: Float32Array,
): void {
  const time = seconds + Math.abs(seconds) * KEY_TOLERANCE;
  const spline = interpolation === 'CUBICSPLINE';
  const width = spline ? 3 * size : size;
  const middle = spline ? size : 0;
  const next = firstAfter(times, time);
  const key = Math.max(next - 1, 0);
  const at = key * width + middle;
  const since = time - times[key]!;
  if (next === 0 || next === times.length || interpolation === 'STEP' || since <= Math.abs(time) * 2 * KEY_TOLERANCE) {
    for (let i = 0; i < size; i++) out[i] = values[at + i]!;
    return;
  }
  const length = times[next]! - times[key]!;
  const t = since / length;
  if (spline) splineAt(values, key * width, size, t, length, out);
  else if (isRotation)
    Quaternion.slerpFlat(
      out as unknown as number[],
      0,
      values as unknown as number[],
      at,
      values as unknown as number[],
      at + size,
      t,
    );
  else for (let i = 0; i < size; i++) out[i] = values[at + i]! + (values[at + size + i]! - values[at + i]!) * t;
  if (spline && isRotation) normalize(out);
}

/** Index of the first time after the given one; the number of times where there is none. */
function firstAfter(times: Float32Array, time: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle]! > time) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Cubic Hermite spline (glTF 2.0, appendix C.5). */
function splineAt(
  values: Float32Array,
  from: number,
  size: number,
  t: number,
  length: number,
  out: Float32Array,
): void {
  const [t2, t3] = [t * t, t * t * t];
  const to = from + 3 * size;
  for (let i = 0; i < size; i++) {
    const [start, leaving] = [values[from + size + i]!, values[from + 2 * size + i]!];
    const [arriving, end] = [values[to + i]!, values[to + size + i]!];
    out[i] =
      (2 * t3 - 3 * t2 + 1) * start +
      length * (t3 - 2 * t2 + t) * leaving +
      (3 * t2 - 2 * t3) * end +
      length * (t3 - t2) * arriving;
  }
}

function normalize(quaternion: Float32Array): void {
  const length = Math.hypot(...quaternion);
  if (length > 0) for (let i = 0; i < quaternion.length; i++) quaternion[i]! /= length;
}
