import { describe, expect, it } from 'vitest';
import { createFrameSpeeds, paceBeside, suspicionOf } from '../../../../src/main/jobs/output/suspicious-frame';

const SLOW = [66, 60, 70, 66, 64];

describe('a frame’s time beside its neighbours’', () => {
  it.each([
    ['alone among slow ones', 6.1, SLOW, [66, 70, 60], 66],
    ['the latest, after slow ones', 6.1, SLOW, [], 66],
    ['the latest, after one as fast', 6.1, [66, 60, 70, 66, 6], [], null],
    ['the first of many, since the machine became free', 6.1, SLOW, [6, 7, 6], null],
    ['the first of two, so far', 6.1, SLOW, [6], null],
    ['the first of two among slow ones', 6.1, SLOW, [6, 66, 70], 66],
    ['the second of two among slow ones', 6, [60, 70, 66, 64, 6.1], [66, 70], 64],
    ['among those that get quicker and quicker', 6.1, [66, 50, 35, 24, 13], [], null],
    ['not by a factor of ten', 6.7, SLOW, [66, 70], null],
    ['too early to say', 0.1, SLOW.slice(1), [66], null],
    ['short anyway', 0.001, [0.9, 0.9, 0.9, 0.9, 0.9], [0.9], null],
  ])('%s: %d s', (_, seconds, before, after, pace) => expect(paceBeside(seconds, before, after)).toBe(pace));
});

/** Frames rendered one after the other. @returns what each is suspected of in the end */
function judged(times: readonly number[], machine: (at: number) => string | null = () => null): (string | null)[] {
  const speeds = createFrameSpeeds();
  const suspicions: (string | null)[] = [];
  for (const [frame, seconds] of times.entries()) {
    const { suspicion, earlier } = speeds.seen(machine(frame), { frame, seconds, others: [] });
    suspicions.push(suspicion);
    for (const one of earlier) suspicions[one.frame] = one.suspicion;
  }
  return suspicions;
}

it('names what a frame took, and what frames take', () => {
  const marked = judged([20, 20, 20, 20, 20, 1.234, 20]);
  expect(marked[5]).toBe('It took 1.2 s, where frames of this job take about 20 s.');
  expect(marked.filter((one) => one !== null)).toHaveLength(1);
});

it('lets go of a frame when those after it are as fast, and of none that two slow ones follow', () => {
  expect(judged([...SLOW, 6, 6, 7, 6, 6, 5]).every((one) => one === null)).toBe(true);
  expect(judged([...SLOW, 6, 6, 66, 66]).map((one) => one !== null)).toEqual([
    ...SLOW.map(() => false),
    true,
    true,
    false,
    false,
  ]);
});

it('compares frames of each machine with its own', () => {
  const slowAndFast = Array.from({ length: 20 }, (_, at) => (at % 2 === 0 ? 66 : 5));
  const marked = judged(slowAndFast, (at) => (at % 2 === 0 ? 'old' : 'new'));
  expect(marked.every((one) => one === null)).toBe(true);
});

it('keeps what else is suspicious about a frame that it lets go', () => {
  const speeds = createFrameSpeeds();
  for (const [frame, seconds] of SLOW.entries()) speeds.seen(null, { frame, seconds, others: [] });
  const fast = { seconds: 6, others: ['The image is black.'] };
  expect(speeds.seen(null, { frame: 5, ...fast }).suspicion).toBe(
    'The image is black. It took 6 s, where frames of this job take about 66 s.',
  );
  expect(speeds.seen(null, { frame: 6, ...fast, others: [] }).earlier).toEqual([
    { frame: 5, seconds: 6, suspicion: 'The image is black.' },
  ]);
});

it.each([
  [null, null],
  [{ uniform: false, black: false, transparent: false }, null],
  [{ uniform: true, black: false, transparent: false }, 'The image has one colour only.'],
  [{ uniform: true, black: true, transparent: false }, 'The image is black.'],
  [{ uniform: true, black: true, transparent: true }, 'The image is fully transparent.'],
])('of pixels %j it says %j', (pixels, expected) => expect(suspicionOf(pixels)).toBe(expected));
