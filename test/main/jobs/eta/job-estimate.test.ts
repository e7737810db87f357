import { describe, expect, it } from 'vitest';
import { type JobEstimate, type TimeLeft, createJobEstimate } from '../../../../src/main/jobs/eta/job-estimate';
// Measured here by bench/record-frame-times.ts, which says how.
import recording from './frame-times.json';

/** What a replay found at half of the frames. */
interface AtHalf extends TimeLeft {
  /** Seconds that it then really took. */
  readonly truth: number;
}

/**
 * Renders frames in thought: whichever worker is free takes the next frame. @param cold seconds that a worker's first
 * frame takes more
 */
function replay(times: ReadonlyMap<number, number>, order: readonly number[], workers: number, cold = 0): AtHalf {
  const estimate = createJobEstimate(order);
  const waiting = [...order];
  const busy: { slot: number; frame: number; seconds: number; end: number }[] = [];
  let now = 0;
  let done = 0;
  let half: { left: TimeLeft; at: number } | null = null;
  const start = (slot: number, extra = 0): void => {
    const frame = waiting.shift();
    if (frame === undefined) return;
    const seconds = times.get(frame)! + extra;
    estimate.started(frame, now * 1000);
    busy.push({ slot, frame, seconds, end: now + seconds });
  };
  for (let slot = 1; slot <= workers; slot++) start(slot, cold);
  while (busy.length > 0) {
    busy.sort((a, b) => a.end - b.end || a.slot - b.slot);
    const { slot, frame, seconds, end } = busy.shift()!;
    now = end;
    estimate.done({ frame, seconds, slot, writtenAt: now * 1000 });
    start(slot);
    if (++done === Math.floor(order.length / 2)) half = { left: estimate.left(workers, now * 1000)!, at: now };
  }
  expect(estimate.left(workers, now * 1000)).toEqual({ p50: 0, p90: 0 });
  return { ...half!.left, truth: now - half!.at };
}

/** The same numbers for the same seed, from 0 to 1 (mulberry32). */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const normal = (random: () => number): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

const FRAMES = Array.from({ length: 240 }, (_, index) => index + 1);
const WORKERS = [1, 2, 3, 4, 8];
const orders = {
  sequence: (frames: readonly number[]) => [...frames],
  'every-8': (frames: readonly number[]) =>
    [8, 4, 2, 1].flatMap((step, pass) =>
      frames.filter((_, index) => index % step === 0 && (pass === 0 || index % (step * 2) !== 0)),
    ),
  'middle-out': (frames: readonly number[]) => {
    const middle = Math.floor(frames.length / 2);
    return frames.flatMap((_, index) => frames[middle + (index % 2 === 0 ? index / 2 : -(index + 1) / 2)] ?? []);
  },
} as const;
type Order = keyof typeof orders;

/** Seconds of a frame at a share of the shot. */
type Shape = (along: number, random: () => number) => number;
const noisy =
  (shape: Shape, deviation = 0.2): Shape =>
  (along, random) =>
    shape(along, random) * Math.exp(deviation * normal(random));
const shapes = {
  constant: () => 2,
  'ramp up to twice': (along) => 1 + along,
  'ramp up to three times': (along) => 1 + 2 * along,
  'ramp down to a third': (along) => 3 - 2 * along,
  'peak in the middle': (along) => 1 + 2 * Math.exp(-(((along - 0.5) / 0.15) ** 2)),
  triangle: (along) => 3 - 4 * Math.abs(along - 0.5),
  'two kinds of frames': (_, random) => (random() < 0.5 ? 1 : 3),
} satisfies Record<string, Shape>;

function timesOf(shape: Shape, seed: number, frames: readonly number[] = FRAMES): Map<number, number> {
  const random = chance(seed);
  return new Map(frames.map((frame, index) => [frame, shape((index + 0.5) / frames.length, random)]));
}

const off = ({ p50, truth }: AtHalf): number => Math.abs(p50 / truth - 1);

describe('at half of the frames, with 1 to 8 workers', () => {
  for (const order of Object.keys(orders) as Order[]) {
    for (const [name, shape] of Object.entries(shapes)) {
      // What is yet to come can't be known where the shape turns just where it was last seen; the tests below say what
      // holds there.
      if (order !== 'every-8' && ['triangle', 'peak in the middle'].includes(name)) continue;
      it(`tells ${name} in ${order} within 20 %`, () => {
        for (const workers of WORKERS)
          expect(
            off(replay(timesOf(shape, workers * 31), orders[order](FRAMES), workers)),
            `${workers} workers`,
          ).toBeLessThan(0.2);
      });
    }
  }

  it('is within 20 % with noise in 97 of 100 replays, and nine of ten p90 suffice', () => {
    const seen: { order: Order; half: AtHalf }[] = [];
    for (const order of Object.keys(orders) as Order[]) {
      for (const shape of [noisy(shapes.constant), noisy(shapes['ramp up to twice']), noisy(shapes.constant, 0.4)]) {
        for (const workers of WORKERS) {
          for (let seed = 1; seed <= 4; seed++)
            seen.push({ order, half: replay(timesOf(shape, seed * 1_009 + workers), orders[order](FRAMES), workers) });
        }
      }
    }
    // Chance that looks like a trend at the end of what was seen takes in the last few, all of them rendered in
    // sequence.
    expect(seen.filter(({ half }) => off(half) < 0.2).length / seen.length).toBeGreaterThanOrEqual(0.97);
    for (const { order, half } of seen) expect(off(half), order).toBeLessThan(order === 'sequence' ? 0.3 : 0.2);
    expect(seen.filter(({ half }) => half.p90 >= half.truth).length / seen.length).toBeGreaterThanOrEqual(0.9);
    // It would be no use as “for ever”.
    expect(seen.reduce((sum, { half }) => sum + half.p90 / half.p50, 0) / seen.length).toBeLessThan(1.3);
  });

  it('is within 20 % for few frames', () => {
    const frames = FRAMES.slice(0, 24);
    for (const order of Object.keys(orders) as Order[]) {
      for (const shape of [shapes.constant, shapes['ramp up to twice'], noisy(shapes.constant, 0.1)]) {
        for (const workers of [1, 2, 4])
          expect(
            off(replay(timesOf(shape, workers, frames), orders[order](frames), workers)),
            `${order}, ${workers} workers`,
          ).toBeLessThan(0.2);
      }
    }
  });

  it('takes no notice of what the first frame of each worker takes for loading the scene', () => {
    for (const workers of WORKERS)
      expect(
        off(replay(timesOf(noisy(shapes.constant), workers), orders.sequence(FRAMES), workers, 40)),
        `${workers} workers`,
      ).toBeLessThan(0.2);
  });

  it('covers with p90 what nobody can know: a peak that ends where it was last seen', () => {
    for (const [shape, order] of [
      [shapes['peak in the middle'], 'sequence'],
      [shapes.triangle, 'sequence'],
      [shapes.triangle, 'middle-out'],
    ] as const) {
      for (const workers of WORKERS) {
        const half = replay(timesOf(shape, 1), orders[order](FRAMES), workers);
        expect(half.p90).toBeGreaterThanOrEqual(half.truth);
        // The trend is followed for a while only.
        expect(half.p50 / half.truth).toBeLessThan(2.6);
      }
    }
  });

  it('tells a peak in the middle better when frames are rendered every 8th first', () => {
    const peak = timesOf(shapes['peak in the middle'], 1);
    const everyEighth = replay(peak, orders['every-8'](FRAMES), 1);
    const sequence = replay(peak, orders.sequence(FRAMES), 1);
    expect(off(everyEighth)).toBeLessThan(0.02);
    expect(off(sequence)).toBeGreaterThan(0.2);
  });
});

describe('frame times that were measured', () => {
  for (const { name, frames } of recording.recorded) {
    const usual = frames.map((frame) => frame[1]!).toSorted((a, b) => a - b)[Math.floor(frames.length / 2)]!;
    // What the first frame of a worker takes for loading the scene is the worker's, not the frame's.
    const first = new Map<number, number>();
    for (const frame of frames) if (!first.has(frame[2]!)) first.set(frame[2]!, frame[0]!);
    const firsts = new Set(first.values());
    const times = new Map(frames.map((frame) => [frame[0]!, firsts.has(frame[0]!) ? usual : frame[1]!] as const));
    const loading = frames[0]![1]! - usual;
    const numbers = [...times.keys()].sort((a, b) => a - b);
    for (const order of Object.keys(orders) as Order[]) {
      // More and more comes into the picture of one scene: what lies beyond the frames that were seen can't be known
      // there, and p90 has to do.
      const foreseen = name.startsWith('turntable') || order === 'every-8';
      it(`of ${name} are told in ${order} ${foreseen ? 'within 20 %' : 'by p90'}`, () => {
        for (const workers of [1, 2, 4]) {
          const half = replay(times, orders[order](numbers), workers, loading);
          if (foreseen) expect(off(half), `${workers} workers`).toBeLessThan(0.2);
          else expect(half.p90, `${workers} workers`).toBeGreaterThanOrEqual(half.truth);
        }
      });
    }
  }

  it('are told within 20 % just as they came, with two workers', () => {
    const { frames, workers } = recording.recorded.find(({ name }) => name.startsWith('turntable'))!;
    const estimate = createJobEstimate(frames.map((frame) => frame[0]!).sort((a, b) => a - b));
    const half = frames.length / 2;
    for (const [frame, seconds, slot, at] of frames.slice(0, half))
      estimate.done({ frame: frame!, seconds: seconds!, slot: slot!, writtenAt: at! * 1000 });
    const now = frames[half - 1]![3]!;
    for (const [frame, seconds, , at] of frames.slice(half))
      if (at! - seconds! < now) estimate.started(frame!, (at! - seconds!) * 1000);
    const { p50, p90 } = estimate.left(workers, now * 1000)!;
    const truth = frames.at(-1)![3]! - now;
    expect(Math.abs(p50 / truth - 1)).toBeLessThan(0.2);
    expect(p90).toBeGreaterThan(truth);
  });
});

describe('a job', () => {
  const estimateAfter = (seconds: readonly number[], frames = 10): JobEstimate => {
    const estimate = createJobEstimate(FRAMES.slice(0, frames));
    let at = 0;
    for (const [index, each] of seconds.entries()) {
      at += each * 1000;
      estimate.done({ frame: index + 1, seconds: each, slot: 1, writtenAt: at });
    }
    return estimate;
  };

  it('tells nothing before its first frame, something after it', () => {
    expect(createJobEstimate([1, 2, 3]).left(1, 0)).toBeNull();
    expect(createJobEstimate([1, 2, 3]).work(1, 0)).toBeNull();
    const left = estimateAfter([2]).left(1, 2_000)!;
    expect(left.p50).toBeCloseTo(18, 0);
    expect(left.p90).toBeGreaterThan(left.p50);
  });

  it('counts down while a frame is in work, and never to nothing when it is overdue', () => {
    const estimate = estimateAfter(Array.from({ length: 9 }, () => 2));
    estimate.started(10, 18_000);
    const at = (seconds: number): number => estimate.left(1, 18_000 + seconds * 1000)!.p50;
    expect(at(0)).toBeCloseTo(2, 1);
    expect(at(1)).toBeCloseTo(1, 1);
    expect(at(2)).toBeGreaterThan(0);
    expect(at(60)).toBeGreaterThan(0);
  });

  it('follows frames that wait again, are skipped or given up', () => {
    const estimate = estimateAfter([2, 2, 2, 2]);
    expect(estimate.left(1, 8_000)!.p50).toBeCloseTo(12, 0);
    estimate.gone(5);
    estimate.started(6, 8_000);
    estimate.waits(6);
    expect(estimate.left(1, 8_000)!.p50).toBeCloseTo(10, 0);
    for (const frame of [6, 7, 8, 9, 10]) estimate.gone(frame);
    expect(estimate.left(1, 8_000)).toEqual({ p50: 0, p90: 0 });
  });

  it('counts what handing over costs between two frames, and no pause', () => {
    const estimate = createJobEstimate(FRAMES.slice(0, 20));
    let at = 0;
    for (let frame = 1; frame <= 10; frame++) {
      at += frame === 6 ? 600_000 : 1_250;
      estimate.done({ frame, seconds: 1, slot: 1, writtenAt: at });
    }
    expect(estimate.left(1, at)!.p50).toBeCloseTo(12.5, 0);
  });

  it('begins with what was rendered before the host started', () => {
    const seen = [1, 2, 3, 4].map((frame) => ({ frame, seconds: 3, slot: 1, writtenAt: frame * 3_000 }));
    const estimate = createJobEstimate([5, 6], [...seen, { frame: 7, seconds: null, slot: null, writtenAt: 0 }]);
    expect(estimate.left(1, 0)!.p50).toBeCloseTo(6, 0);
    expect(estimate.mean()).toBe(3);
  });

  it('takes frame numbers that lie far apart', () => {
    const estimate = createJobEstimate([1, 2, 999_999_998, 999_999_999]);
    estimate.done({ frame: 1, seconds: 1, slot: 1, writtenAt: 1_000 });
    estimate.done({ frame: 999_999_999, seconds: 1, slot: 1, writtenAt: 2_000 });
    expect(estimate.left(1, 2_000)!.p50).toBeCloseTo(2, 0);
  });
});
