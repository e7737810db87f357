import { expect, it } from 'vitest';
import type { FrameInWork } from '../../../src/shared/frame-in-work';
import { progressFacts, withLiveLog } from '../../../src/renderer/model/frame-progress';

const nothing: FrameInWork = {
  attempt: 2,
  seconds: 0,
  sample: null,
  samples: null,
  secondsLeft: null,
  memoryBytes: null,
  lastSeconds: null,
  log: [],
};

it('tells of a frame in work what is known of it', () => {
  const known = { seconds: 75.9, sample: 12, samples: 64, secondsLeft: 320, memoryBytes: 812e6, lastSeconds: 12.34 };
  expect(progressFacts({ ...nothing, ...known })).toEqual([
    { label: 'Elapsed', value: '1:15', share: null },
    { label: 'Sample', value: '12 of 64', share: 12 / 64 },
    { label: 'Time left', value: '5 min', share: null },
    { label: 'Memory', value: '812 MB', share: null },
    { label: 'Last try took', value: '12.3 s', share: null },
  ]);
});

it('says nothing of what is not known', () => {
  expect(progressFacts(nothing)).toEqual([{ label: 'Elapsed', value: '0:00', share: null }]);
  expect(progressFacts({ ...nothing, sample: 0, samples: 0 })).toHaveLength(1);
  expect(progressFacts({ ...nothing, sample: 9, samples: 8 })[1]).toMatchObject({ share: 1 });
});

it('puts the live log after those of earlier tries', () => {
  const kept = [
    { attempt: 1, lines: ['first'] },
    { attempt: 2, lines: ['of an earlier run'] },
  ];
  expect(withLiveLog(kept, null)).toBe(kept);
  expect(withLiveLog(kept, nothing)).toBe(kept);
  expect(withLiveLog(kept, { ...nothing, log: ['now'] })).toEqual([
    { attempt: 1, lines: ['first'] },
    { attempt: 2, lines: ['now'] },
  ]);
});
