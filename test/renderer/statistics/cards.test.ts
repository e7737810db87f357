import { describe, expect, it } from 'vitest';
import { failuresCard, paceCard, queueCard, timesCard } from '../../../src/renderer/statistics/cards';
import { diskCard, memoryCard, processorCard } from '../../../src/renderer/statistics/machine-cards';
import type { StatisticsSample } from '../../../src/shared/statistics';
import { sampleStatistics as sample } from '../../helpers/samples';

const words = 'the last hour';
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
          { time: 1, seconds: 2, job: 1, frame: 1, slot: 1 },
          { time: 2, seconds: 4, job: 1, frame: 2, slot: 1 },
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

  it('tell failures with the last reason, and open the frame of each', () => {
    const window = { from: 0, to: 10 };
    expect(failuresCard([], window, words).empty).toBe('No attempt failed in the last hour.');
    const failure = { time: 4, job: 3, frame: 12, slot: 1, attempt: 2, reason: 'Out of memory.' };
    const card = failuresCard([failure], window, words);
    expect(card).toMatchObject({
      empty: null,
      now: '1 failed attempt  ·  last: frame 12',
      summary: 'Failures: 1 failed attempt in the last hour; the last one is of frame 12: Out of memory.',
    });
    expect([0, 1, 2].map((row) => card.frameAt!(row)?.frame ?? null)).toEqual([null, 12, null]);
  });

  it('tell the processor and the disk, or that they can’t be read', () => {
    expect(processorCard([sample()], words)).toMatchObject({
      now: '50 %',
      summary: 'Processor: 50 % of all cores are in use on this machine.',
      empty: null,
    });
    expect(processorCard([sample({ processor: null })], words).empty).toBe(
      'The processor’s use can’t be read on this machine.',
    );
    expect(diskCard([sample()], words)).toMatchObject({
      now: '40.0 GB free',
      summary: 'Disk: 40.0 GB of 100.0 GB are free on /.',
    });
    expect(diskCard([sample({ disks: [] })], words).empty).toBe('No disk could be read.');
  });
});
