import { expect, test } from 'vitest';
import { type Encoding, encodingRuns } from '../../../src/addon/video/encoding';

const ENCODING: Encoding = {
  format: 'h264',
  quality: 'high',
  background: 'black',
  gifWidth: 640,
  fps: 24,
  script: '/storage/images.ffconcat',
  output: '/videos/.draft',
  palette: '/storage/palette.png',
  hasAlpha: false,
  isExr: false,
};

/** What follows an option. */
const after = (run: readonly string[], option: string): string | undefined => run[run.indexOf(option) + 1];

test('every run writes to the draft or the palette, and nowhere else', () => {
  for (const format of ['h264', 'prores', 'gif'] as const)
    for (const run of encodingRuns({ ...ENCODING, format })) {
      expect(
        run.filter((word) => word.startsWith('/') && word !== ENCODING.script && run[run.indexOf(word) - 1] !== '-i'),
      ).toHaveLength(1);
      expect(['/videos/.draft', '/storage/palette.png']).toContain(run.at(-1));
    }
});

test('the frame rate stands before the input, where it replaces the images’ own times', () => {
  const [run] = encodingRuns({ ...ENCODING, fps: 23.976 });
  expect(run!.indexOf('-r')).toBeLessThan(run!.indexOf('-i'));
  expect(after(run!, '-r')).toBe('23.976');
});

test('a GIF has at most 50 frames a second', () => {
  const [palette, video] = encodingRuns({ ...ENCODING, format: 'gif', fps: 60 });
  expect(video!.slice(video!.indexOf('-lavfi'))).toContain('50');
  expect(palette!.at(-1)).toBe('/storage/palette.png');
  expect(encodingRuns({ ...ENCODING, format: 'gif' })[1]!.filter((word) => word === '-r')).toHaveLength(1);
});

test('transparent images are put on the background, those of OpenEXR as they are multiplied', () => {
  const filter = (change: Partial<Encoding>) => after(encodingRuns({ ...ENCODING, ...change })[0]!, '-vf')!;
  expect(filter({})).not.toContain('overlay');
  expect(filter({ hasAlpha: true, background: 'white' })).toContain('lutrgb=r=255:g=255:b=255');
  expect(filter({ hasAlpha: true, isExr: true })).toContain('overlay=format=rgb:alpha=premultiplied');
  expect(filter({ hasAlpha: true, format: 'prores' })).toContain('format=yuva444p10le');
});

test('qualities differ', () => {
  const runs = (['high', 'medium', 'small'] as const).map((quality) => encodingRuns({ ...ENCODING, quality })[0]!);
  expect(runs.map((run) => after(run, '-crf'))).toEqual(['16', '20', '26']);
});
