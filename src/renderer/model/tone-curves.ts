/**
 * AgX and Filmic, computed by formula where Blender looks its colours up in tables. Measured against pictures of Blender 3.4
 * (Filmic) and 5.2 (AgX), in steps of 8 bits: docs/decisions.md. Without looks, gamma, and wide displays.
 */

/** Puts the colour of scene-linear light (Rec. 709 primaries, each at least 0) at `shown[at]` on, 0 to 255. */
export type ToneCurve = (red: number, green: number, blue: number, shown: Uint8ClampedArray, at: number) => void;

type Matrix = readonly [number, number, number, number, number, number, number, number, number];

/** log2 of middle grey, 0.18: stops are counted from there. */
const MIDDLE = Math.log2(0.18);
/** Stops below and above middle grey that are shown. */
const BELOW = 10;
const ABOVE = 6.5;

/** @returns 0 at 10 stops below middle grey, 1 at 6.5 above it */
function stops(light: number): number {
  return light <= 0 ? 0 : Math.min(1, Math.max(0, (Math.log2(light) - MIDDLE + BELOW) / (BELOW + ABOVE)));
}

/**
 * Jed Smith's sigmoid, from (0, 0) through a pivot with a slope there to (1, 1). The larger the power of its toe or shoulder,
 * the longer it stays straight.
 */
function sigmoid(x: number, pivot: { x: number; y: number; slope: number; toe: number; shoulder: number }): number {
  const above = x >= pivot.x;
  const width = pivot.slope * (above ? 1 - pivot.x : pivot.x);
  const height = above ? 1 - pivot.y : pivot.y;
  const power = above ? pivot.shoulder : pivot.toe;
  const scale = (width ** -power * ((width / height) ** power - 1)) ** (-1 / power);
  const term = (pivot.slope * Math.abs(x - pivot.x)) / scale;
  return pivot.y + ((above ? 1 : -1) * scale * term) / (1 + term ** power) ** (1 / power);
}

/** sRGB's curve (IEC 61966-2-1). */
export function encodeSrgb(light: number): number {
  return light <= 0.003_130_8 ? light * 12.92 : 1.055 * light ** (1 / 2.4) - 0.055;
}

const bits = new Uint32Array(1);
const float = new Float32Array(bits.buffer);
/** A single-precision float's lowest bits, by which tables don't tell values apart: within 0.1 %. */
const DROPPED = 14;

/** A function of one number from 0 on, as a table by the number's own bits: powers and logarithms cost too much for each pixel. */
function tabulate(of: (value: number) => number): (value: number) => number {
  const table = Float32Array.from({ length: 1 << (31 - DROPPED) }, (_, index) => {
    bits[0] = (index << DROPPED) | (1 << (DROPPED - 1));
    return of(float[0]! || 0);
  });
  table[0] = of(0);
  return (value) => {
    if (!(value > 0)) return table[0]!;
    float[0] = value;
    return table[bits[0]! >>> DROPPED]!;
  };
}

function times(a: Matrix, b: Matrix): Matrix {
  return Array.from({ length: 9 }, (_, at) => {
    const row = at - (at % 3);
    const column = at % 3;
    return a[row]! * b[column]! + a[row + 1]! * b[column + 3]! + a[row + 2]! * b[column + 6]!;
  }) as unknown as Matrix;
}

/** Linear Rec. 709 to Rec. 2020 and back: ITU-R BT.2087-0 and BT.2407-0. */
const TO_2020: Matrix = [
  0.627_404, 0.329_283, 0.043_313, 0.069_097, 0.919_541, 0.011_362, 0.016_391, 0.088_013, 0.895_595,
];
const FROM_2020: Matrix = [
  1.660_491, -0.587_641, -0.072_85, -0.124_55, 1.132_9, -0.008_349, -0.018_151, -0.100_579, 1.118_73,
];
/** The primaries drawn in and turned, as published for AgX in Rec. 2020, and drawn out again after the curve. */
const INSET: Matrix = [
  0.856_627_153, 0.095_121_241, 0.048_251_606, 0.137_318_973, 0.761_241_991, 0.101_439_036, 0.111_898_213,
  0.076_799_419, 0.811_302_368,
];
const OUTSET: Matrix = [
  1.127_100_582, -0.110_606_643, -0.016_493_939, -0.141_329_763, 1.157_823_702, -0.016_493_939, -0.141_329_763,
  -0.110_606_643, 1.251_936_407,
];
/** Share of the way back to the hue that a colour had before the curve, which shifts it channel by channel. */
const HUE_KEPT = 0.6;

/** Hue in sixths of a turn from red; 0 for grey. */
function hueOf(red: number, green: number, blue: number, most: number, range: number): number {
  if (range <= 0) return 0;
  if (most === red) return (green - blue) / range;
  return most === green ? (blue - red) / range + 2 : (red - green) / range + 4;
}

/** How much a channel that is `offset` sixths away has of a hue's range: 1, 0 or between. The hue is from -3 to 7. */
function shareOf(hue: number, offset: number): number {
  const sum = hue + offset;
  // A remainder of fractions would take longer than all the rest.
  const turned = sum >= 6 ? sum - 6 : sum < 0 ? sum + 6 : sum;
  return 1 - Math.max(0, Math.min(turned, 4 - turned, 1));
}

export function createAgx(): ToneCurve {
  const [a, b, c, d, e, f, g, h, i] = times(INSET, TO_2020);
  const [j, k, l, m, n, o, p, q, r] = times(FROM_2020, OUTSET);
  const pivot = { x: BELOW / (BELOW + ABOVE), y: 0.18 ** (1 / 2.4), slope: 2.4, toe: 1.5, shoulder: 1.5 };
  const form = tabulate((light) => Math.max(0, sigmoid(stops(light), pivot)) ** 2.4);
  const encode = tabulate((light) => 255 * encodeSrgb(Math.min(1, light)));
  return (red, green, blue, shown, at) => {
    const x = a * red + b * green + c * blue;
    const y = d * red + e * green + f * blue;
    const z = g * red + h * green + i * blue;
    let u = form(x);
    let v = form(y);
    let w = form(z);
    const most = Math.max(u, v, w);
    const range = most - Math.min(u, v, w);
    if (range > 0) {
      const brightest = Math.max(x, y, z);
      const formed = hueOf(u, v, w, most, range);
      let turn = hueOf(x, y, z, brightest, brightest - Math.min(x, y, z)) - formed;
      if (turn > 3) turn -= 6;
      else if (turn < -3) turn += 6;
      const hue = formed + HUE_KEPT * turn;
      u = most - range + range * shareOf(hue, 5);
      v = most - range + range * shareOf(hue, 3);
      w = most - range + range * shareOf(hue, 1);
    }
    shown[at] = encode(j * u + k * v + l * w);
    shown[at + 1] = encode(m * u + n * v + o * w);
    shown[at + 2] = encode(p * u + q * v + r * w);
  };
}

export function createFilmic(): ToneCurve {
  // Fitted to Blender's greys.
  const pivot = { x: 0.6354, y: 0.5642, slope: 2.1763, toe: 2.7523, shoulder: 2.6705 };
  const form = tabulate((light) => 255 * sigmoid(stops(light), pivot));
  return (red, green, blue, shown, at) => {
    // Strong light of one colour pales.
    const excess = Math.max(red, green, blue) - 9.27;
    const white = excess > 0 ? 1.2e-4 * excess * excess : 0;
    shown[at] = form(red + white);
    shown[at + 1] = form(green + white);
    shown[at + 2] = form(blue + white);
  };
}
