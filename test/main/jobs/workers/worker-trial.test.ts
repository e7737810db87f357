import { describe, expect, it } from 'vitest';
import { createWorkerTrial } from '../../../../src/main/jobs/workers/worker-trial';

/** How long a frame takes that is rendered beside so many others, in seconds. */
type Model = (busy: number, frame: number) => number;

/**
 * Renders frames with workers whose speed follows from how many are at work. @param level how many may work; asked
 * whenever a frame ends @returns seconds in all, and the levels
 */
function simulate(
  model: Model,
  frames: number,
  most: number,
  level: () => number,
  onDone: (frame: Parameters<ReturnType<typeof createWorkerTrial>['frameDone']>[0]) => void = () => undefined,
): { seconds: number; levels: number[] } {
  const START = 0.5;
  const working: { slot: number; left: number; since: number; busyAtStart: number; frame: number }[] = [];
  const started = new Set<number>();
  const levels: number[] = [];
  let now = 0;
  let next = 0;
  const handOut = (): void => {
    while (working.length < Math.min(level(), most) && next < frames) {
      let slot = 1;
      while (working.some((one) => one.slot === slot)) slot++;
      const starting = started.has(slot) ? 0 : START;
      started.add(slot);
      // Of its own speed: 1 is a frame.
      working.push({
        slot,
        left: 1 + starting / model(1, next),
        since: now,
        busyAtStart: working.length + 1,
        frame: next++,
      });
    }
  };
  handOut();
  while (working.length > 0) {
    const busy = working.length;
    const ends = working.map((one) => one.left * model(busy, one.frame));
    const step = Math.min(...ends);
    now += step;
    const done = working[ends.indexOf(step)]!;
    for (const one of working) one.left -= step / model(busy, one.frame);
    onDone({ slot: done.slot, seconds: now - done.since, busyAtStart: done.busyAtStart, busyAtEnd: busy });
    working.splice(working.indexOf(done), 1);
    levels.push(level());
    handOut();
  }
  return { seconds: now, levels };
}

function compare(model: Model, frames: number, most: number): { ratio: number; last: number; levels: number[] } {
  const trial = createWorkerTrial();
  const tried = simulate(model, frames, most, () => trial.level, trial.frameDone);
  const fixed = Array.from({ length: most }, (_value, index) => simulate(model, frames, most, () => index + 1).seconds);
  return {
    ratio: tried.seconds / Math.min(...fixed),
    last: Math.min(tried.levels.at(-1)!, most),
    levels: tried.levels,
  };
}

const models: [string, Model, number][] = [
  ['frames that fill every core', (busy) => 1.6 * busy * (1 + 0.08 * (busy - 1)), 1],
  ['frames that fill every core and get slower beside each other', (busy) => 1.6 * busy * (1 + 0.15 * (busy - 1)), 1],
  ['frames that are heavy on one thread', (busy) => 5 * Math.max(1, busy * 0.6), 2],
  ['frames of which half is heavy on one thread', (busy) => 3 * Math.max(1, busy * 0.75), 2],
  ['long frames that fill every core', (busy) => 60 * busy * 1.02, 1],
  ['long frames that are heavy on one thread', (busy) => 60 * Math.max(1, busy * 0.55), 2],
];

describe('on two cores', () => {
  it.each(models)('%s take hardly longer over 30 frames than with the best fixed number', (_what, model, best) => {
    const { ratio, last } = compare(model, 30, 2);
    expect(last).toBe(best);
    // A twentieth, and where frames are long and even the last one of an odd number, which has no other beside it.
    expect(ratio).toBeLessThanOrEqual(1.055);
  });

  it('frames of changing length are hardly worse', () => {
    const { ratio } = compare((busy, frame) => (1 + 0.2 * Math.sin(frame)) * 2 * Math.max(1, busy * 0.6), 30, 2);
    expect(ratio).toBeLessThanOrEqual(1.06);
  });
});

it('climbs as far as it gives more, where there are more cores', () => {
  const threads: Model = (busy) => 10 * Math.max(1, busy / 4);
  const { ratio, last } = compare(threads, 100, 8);
  expect(last).toBe(4);
  expect(ratio).toBeLessThanOrEqual(1.15);
});

it('asks anew when the frames become others', () => {
  const trial = createWorkerTrial();
  // First they fill every core, then each needs one thread for a long time.
  const { levels } = simulate(
    (busy, frame) => (frame < 30 ? 2 * busy * 1.1 : 20 * Math.max(1, busy * 0.6)),
    100,
    2,
    () => trial.level,
    trial.frameDone,
  );
  expect(levels[25]).toBe(1);
  expect(levels.at(-1)).toBeGreaterThanOrEqual(2);
});
