import { describe, expect, it } from 'vitest';
import {
  type JobWords,
  jobChangesOfWords,
  jobRequestOfWords,
  jobWordsSchema,
  parseStartTime,
} from '../../src/shared/job-words';
import { jobRequestSchema } from '../../src/shared/jobs';

const scene = '/x/shot.blend';

describe('the words of a job', () => {
  it('become a request', () => {
    const words: JobWords = {
      scene,
      frames: '1-48',
      size: '1280×720',
      percentage: 50,
      samples: 8,
      camera: 'Close',
      fps: 24,
      output: '//x/####.exr',
      overwrite: true,
      workers: 2,
      engine: 'blender-4.2.0',
      sceneName: 'Main',
      renderEngine: 'cycles',
      format: 'exr-multilayer',
      allowScripts: true,
      factoryStartup: false,
      order: 'every-10',
      attempts: 5,
      failureShare: '25%',
      priority: -3,
      after: [4, 5],
      startAt: 1_800_000_000_000,
    };
    const { size: _size, ...same } = words;
    expect(jobRequestOfWords(jobWordsSchema.parse(words))).toEqual({
      ...same,
      width: 1280,
      height: 720,
      failureShare: 0.25,
    });
  });

  it('name everything that a request can hold', () => {
    const ofRequest = Object.keys(jobRequestSchema.shape).filter((key) => key !== 'width' && key !== 'height');
    expect(Object.keys(jobWordsSchema.shape).sort()).toEqual([...ofRequest, 'size'].sort());
  });

  const named = (word: string): string => `--${word}`;

  it.each([
    [{ overwrite: true, newVersion: true }, '--overwrite and --newVersion exclude each other: give one of them.'],
    [{ keepExisting: true, newVersion: true }, '--keepExisting and --newVersion exclude each other: give one of them.'],
  ])('say one way out where images are in the way, not %j', (ways, sentence) => {
    expect(() => jobRequestOfWords({ scene: '/s.glb', ...ways }, named)).toThrow(sentence);
    expect(() => jobChangesOfWords(ways, named)).toThrow(sentence);
  });

  it('leave out what was not said', () => {
    expect(jobRequestOfWords({ scene })).toEqual({ scene });
    expect(jobChangesOfWords({ priority: 3, after: [] })).toEqual({ priority: 3, after: [] });
  });

  it.each<[Partial<JobWords>, RegExp]>([
    [{ size: 'big' }, /^“size” cannot be “big”: write width and height in pixels, as 1280x720/],
    [{ size: '0x10' }, /^“size” cannot be “0x10”/],
    [{ samples: 0 }, /^“samples” cannot be “0”: write a whole number/],
    [{ percentage: 0.5 }, /^“percentage” cannot be “0.5”: write a number from 1 to 1000/],
    [{ order: 'every-1' }, /^“order” cannot be “every-1”: write sequence, middle-out, list, or every-N/],
    [
      { format: 'gif' as 'png' },
      /^“format” cannot be “gif”: write png, jpeg, exr, exr-multilayer, webp, tiff, bmp, targa, hdr or jpeg2000/,
    ],
    [{ renderEngine: 'no engine' }, /^“renderEngine” cannot be “no engine”: write cycles, eevee, workbench/],
    [{ failureShare: '10' }, /^“failureShare” cannot be “10”: write a share of the frames as 10% or 0.1/],
    [{ failureShare: 'some' }, /^“failureShare” cannot be “some”/],
    [{ priority: 101 }, /^“priority” cannot be “101”: write a whole number from -100 to 100/],
    [{ after: [0] }, /^“after” cannot be “\[0\]”: write the numbers of jobs/],
    [{ startAt: 'soon' }, /^“startAt” cannot be “soon”: write a time as 22:00/],
    [{ startAt: 1e300 }, /^“startAt” cannot be “1e\+300”: write a time as 22:00/],
    [{ startAt: -1 }, /^“startAt” cannot be “-1”: write a time as 22:00/],
    [{ frames: '10-1' }, /runs backwards/],
  ])('that do not fit are named: %o', (words, sentence) => {
    expect(() => jobRequestOfWords({ scene, ...words })).toThrow(
      expect.objectContaining({ kind: 'arguments', message: expect.stringMatching(sentence) as string }),
    );
  });

  it('are cut off in the sentence where they are long', () => {
    expect(() => jobRequestOfWords({ scene, order: 'x'.repeat(100_000) })).toThrow(
      /^“order” cannot be “x{99}…”: write/,
    );
    expect(() => jobRequestOfWords({ scene, frames: '1,'.repeat(9_999) })).toThrow(/^“(1,)*1…” is not a frame range/);
  });

  it('are named as the person typed them', () => {
    expect(() => jobRequestOfWords({ scene, samples: 0 }, (word) => `--${word}`)).toThrow(/^--samples cannot be/);
  });
});

describe('a start time', () => {
  const now = new Date(2026, 10, 21, 18, 30).getTime();
  const at = (text: string): number | null => parseStartTime(text, '--start-at', now);

  it('is the next time of day', () => {
    expect(at('22:00')).toBe(new Date(2026, 10, 21, 22, 0).getTime());
    expect(at('6:05')).toBe(new Date(2026, 10, 22, 6, 5).getTime());
    expect(at('18:30')).toBe(new Date(2026, 10, 22, 18, 30).getTime());
  });

  it('is a span from now', () => {
    expect(at('+2h')).toBe(now + 7_200_000);
    expect(at('+1h30m')).toBe(now + 5_400_000);
    expect(at('+0.5d')).toBe(now + 43_200_000);
  });

  it('is a day and time, of this machine or of a zone', () => {
    expect(at('2026-11-22T06:00')).toBe(new Date(2026, 10, 22, 6).getTime());
    expect(at('2026-11-22 06:00')).toBe(new Date(2026, 10, 22, 6).getTime());
    expect(at('2026-11-23')).toBe(new Date(2026, 10, 23).getTime());
    expect(at('2026-11-22T06:00:00Z')).toBe(Date.UTC(2026, 10, 22, 6));
  });

  it('is at once', () => expect(at('now')).toBeNull());

  it.each(['', 'tomorrow', '25:00', '22', '+2', '+h', '2026-13-01', '2026-11-22T25:00', '+999999999999999d'])(
    'is not “%s”',
    (text) => {
      expect(() => at(text)).toThrow(
        /^--start-at cannot be “.*”: write a time as 22:00, 2026-11-22T06:00, \+2h, or now\.$/,
      );
    },
  );

  it('is not past, which was a slip', () =>
    expect(() => at('2025-11-22T06:00')).toThrow(
      '--start-at cannot be “2025-11-22T06:00”: that time is past; write a later one, or now.',
    ));
});
