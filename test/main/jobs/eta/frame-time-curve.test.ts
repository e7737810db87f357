import { describe, expect, it } from 'vitest';
import { createFrameTimeCurve } from '../../../../src/main/jobs/eta/frame-time-curve';

/** A curve of frames 1–320 after some of them took as long as told. */
function seen(frames: readonly number[], seconds: (frame: number) => number) {
  const curve = createFrameTimeCurve(1, 320, 320);
  for (const frame of frames) curve.see(frame, seconds(frame));
  return curve;
}
const upTo = (last: number): number[] => Array.from({ length: last }, (_value, index) => index + 1);
/** One frame of each segment. */
const each = Array.from({ length: 32 }, () => 1);

describe('a shot', () => {
  it('is divided into as many segments as it has frames, 32 at most', () => {
    expect([
      createFrameTimeCurve(5, 5, 1).segments,
      createFrameTimeCurve(1, 10, 10).segments,
      createFrameTimeCurve(1, 1_000, 4).segments,
      createFrameTimeCurve(1, 1_000, 1_000).segments,
    ]).toEqual([1, 10, 4, 32]);
  });

  it('has every frame in a segment, also those beyond its ends', () => {
    const { segmentOf } = createFrameTimeCurve(-10, 309, 320);
    expect([-99, -10, -1, 0, 309, 999].map(segmentOf)).toEqual([0, 0, 0, 1, 31, 31]);
  });
});

it('tells nothing before a frame was seen', () => {
  expect(seen([], () => 1).forecast(each)).toBeNull();
});

it('expects what it saw where all frames took the same, and knows chance all the same', () => {
  const forecast = seen(upTo(160), () => 4).forecast(each)!;
  expect(forecast.means.every((mean) => Math.abs(mean - 4) < 0.01)).toBe(true);
  expect(forecast.sum).toBeCloseTo(4 * 32, 1);
  expect([forecast.noise > 0, forecast.variance > forecast.noise * 32]).toEqual([true, true]);
});

it('follows a trend between frames that it saw, and for a while beyond', () => {
  const rising = (frame: number): number => 1 + frame / 80;
  const curve = seen([...upTo(120), ...upTo(240).slice(200)], rising);
  const { means } = curve.forecast(each)!;
  const between = means[curve.segmentOf(160)]!;
  expect(Math.abs(between - rising(160))).toBeLessThan(0.2);
  expect(means[curve.segmentOf(260)]!).toBeGreaterThan(rising(200));
});

it('lets a trend end somewhere, in both directions', () => {
  const steep = (frame: number): number => 1 + frame / 4;
  const up = seen(upTo(120), steep).forecast(each)!;
  expect(Math.max(...up.means)).toBeLessThanOrEqual(1.25 * steep(120));
  const down = seen(upTo(120), (frame) => steep(121 - frame)).forecast(each)!;
  expect(Math.min(...down.means)).toBeGreaterThan(0);
});

it('knows less of frames far from those that it saw', () => {
  const curve = seen(upTo(80), (frame) => 2 + Math.sin(frame / 20));
  const only = (segment: number): number[] => each.map((_one, index) => (index === segment ? 10 : 0));
  const [near, far] = [curve.forecast(only(8))!, curve.forecast(only(31))!];
  expect(far.variance).toBeGreaterThan(near.variance * 1.5);
});

it('takes times in for one answer only where they are not certain', () => {
  const curve = seen(upTo(100), () => 2);
  const before = curve.forecast(each)!;
  expect(curve.forecast(each, [{ frame: 101, seconds: 90 }])!.sum).toBeGreaterThan(before.sum);
  expect(curve.forecast(each)).toEqual(before);
});

it('forecasts a shot whose frames take no time at all', () => {
  const { sum, variance, means } = seen(upTo(100), () => 0).forecast(each)!;
  expect(sum).toBe(0);
  expect(means).toEqual(each.map(() => 0));
  expect(variance).toBeGreaterThan(0);
  expect(variance).toBeLessThan(1);
});
