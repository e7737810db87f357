import { describe, expect, it } from 'vitest';
import { lastFrameOf, timeOfFrame } from '../../src/shared/frame-time';

describe('timeOfFrame', () => {
  it('puts frame 0 at time zero, as Blender’s importer does', () => {
    expect(timeOfFrame(0, 24)).toBe(0);
    expect(timeOfFrame(24, 24)).toBe(1);
    expect(timeOfFrame(48, 24)).toBe(2);
  });
});

describe('lastFrameOf', () => {
  it.each([
    [2, 24, 48],
    [2, 25, 50],
    // As Blender writes the end of frame 10 at 24 fps, in 32 bits.
    [0.4166666567325592, 24, 10],
    [0, 24, 1],
    [0.001, 24, 1],
  ])('of %d s at %d fps is %d', (seconds, fps, last) => {
    expect(lastFrameOf(seconds, fps)).toBe(last);
  });
});
