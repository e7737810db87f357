import { describe, expect, it } from 'vitest';
import { memoryCard, paceCard, queueCard, timesCard } from '../../../src/renderer/statistics/cards';
import type { StatisticsSample } from '../../../src/shared/statistics';

const words = 'the last hour';
const sample = (change: Partial<StatisticsSample> = {}): StatisticsSample => ({
  time: 1_000,
  framesPerMinute: 12,
  framesLeft: 30,
  rendering: 2,
  workers: [],
  ...change,
});

describe('the charts of the statistics', () => {
  it('say that nothing is known where nothing is', () => {
    for (const card of [paceCard([], words), queueCard([], words), memoryCard([], true, words)])
      expect(card).toMatchObject({ empty: 'No data for the last hour.' });
    expect(timesCard([], words).empty).toBe('No frame was written in the last hour.');
  });

  it('say the pace as it is, that it is being measured, or that nothing is rendered', () => {
    expect(paceCard([sample()], words).now).toBe('12.0 /min');
    expect(paceCard([sample({ framesPerMinute: null })], words)).toMatchObject({
      now: 'Measuring',
      summary: 'Frames per minute: not known yet.',
    });
    expect(paceCard([sample({ framesPerMinute: 0, framesLeft: 0 })], words).now).toBe('Idle');
  });

  it('say what is left, and how long frames take', () => {
    expect(queueCard([sample()], words)).toMatchObject({
      now: '30 left  ·  2 rendering',
      summary: 'Queue: 30 frames left now, 2 being rendered.',
    });
    expect(queueCard([sample({ framesLeft: 0, rendering: 0 })], words).now).toBe('Empty');
    expect(
      timesCard(
        [
          { time: 1, seconds: 2, frame: 1, slot: 1 },
          { time: 2, seconds: 4, frame: 2, slot: 1 },
        ],
        words,
      ).summary,
    ).toMatch(/^Frame times: 4\.00 s for the last frame; median .* over 2 frames in the last hour\.$/);
  });

  it('have a line for each worker, and say why there is none', () => {
    const worker = { slot: 1, residentBytes: 5_000_000 };
    const two = memoryCard(
      [sample({ workers: [worker, { slot: 9, residentBytes: null }] as StatisticsSample['workers'] })],
      false,
      words,
    );
    expect(two.series.map(({ name, dashed }) => [name, dashed])).toEqual([
      ['Worker 1', false],
      ['Worker 9', true],
    ]);
    expect(two.summary).toBe('Worker memory: worker 1 5.0 MB, worker 9 not known.');
    const blind = [sample({ workers: [{ slot: 1, residentBytes: null }] as StatisticsSample['workers'] })];
    expect(memoryCard(blind, true, words).empty).toBe('Workers are starting.');
    expect(memoryCard(blind, false, words).empty).toBe('The workers’ memory can’t be read on this machine.');
  });
});
