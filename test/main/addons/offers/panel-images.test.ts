import { expect, it } from 'vitest';
import { showImages } from '../../../../src/main/addons/offers/panel-images';
import { makeBmp, makeJpeg, makeRgbaPng, makeWebp, slope } from '../../../helpers/image-files';

const SHADE = slope(16, 9);

it.each([
  ['png', makeRgbaPng],
  ['jpeg', makeJpeg],
  ['webp', makeWebp],
] as const)('the bytes of a %s become an address that the window shows', async (format, make) => {
  const bytes = await make(16, 9, SHADE);
  // A part of a larger buffer.
  const held = new Uint8Array(bytes.length + 20);
  held.set(bytes, 10);
  const [shown] = await showImages([{ type: 'image', label: 'Chart', bytes: held.subarray(10, 10 + bytes.length) }]);
  expect(shown).toEqual({
    type: 'image',
    label: 'Chart',
    source: `data:image/${format};base64,${bytes.toString('base64')}`,
  });
});

const png = await makeRgbaPng(16, 9, SHADE);
const wide = Buffer.from(png);
wide.writeUInt32BE(60_000, 16);
it.each([
  ['nothing', Buffer.alloc(0), 'It is no PNG, JPEG or WebP.'],
  ['a drawing with a script', Buffer.from('<svg onload="alert(1)"/>'), 'It is no PNG, JPEG or WebP.'],
  ['a format that not every browser shows', makeBmp(16, 9, SHADE), 'It is no PNG, JPEG or WebP.'],
  ['a PNG that is cut short', png.subarray(0, 60), 'cut short'],
  ['a PNG that claims to be huge', wide, /60000 × 9 pixels|damaged/],
  ['a page that begins as a JPEG', Buffer.from('\xff\xd8\xff<html>', 'latin1'), 'The image'],
])('%s is not shown, and a sentence says so', async (_what, bytes, reason) => {
  const [shown] = await showImages([{ type: 'image', label: 'Chart', bytes }]);
  expect(shown).toEqual({
    type: 'label',
    level: 'error',
    text: expect.stringMatching(/^“Chart” is not shown: /),
  });
  expect((shown as { text: string }).text).toMatch(reason);
});

it('a frame’s image and everything else is left as it is', async () => {
  const elements = [
    { type: 'image', label: 'Frame', job: 1, frame: 2 },
    { type: 'label', text: 'a' },
  ] as const;
  expect(await showImages(elements)).toEqual(elements);
});
