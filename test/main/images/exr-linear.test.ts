import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { exrLinear } from '../../../src/main/images/exr-tasks';
import { lightAt } from '../../../src/renderer/model/develop-image';
import { decodeLinearImage, type LinearImage } from '../../../src/shared/linear-image';
import { makeExr } from '../../helpers/image-files';
import { temporaryFolder } from '../../helpers/temporary-folder';

async function linear(bytes: Buffer, layer?: string): Promise<LinearImage | null> {
  const file = join(temporaryFolder(), 'image.exr');
  writeFileSync(file, bytes);
  const sent = await exrLinear(file, layer);
  return sent && decodeLinearImage(sent.buffer);
}
const shade = (x: number, y: number): [number, number, number, number] => [x / 8, y / 8, 4, 1];

it('gives the light of the picture, top row first', async () => {
  const image = (await linear(makeExr(8, 6, shade)))!;
  expect(image).toMatchObject({ width: 8, height: 6, fullWidth: 8, fullHeight: 6, layer: '', layers: [''] });
  expect(lightAt(image, { x: 3, y: 5 })).toEqual([0.375, 0.625, 4, 1]);
  expect(lightAt(image, { x: 7, y: 0 })).toEqual([0.875, 0, 4, 1]);
});

it('gives the layer that is asked for, and names all that can be shown', async () => {
  for (const compression of ['NONE', 'ZIPS', 'ZIP'] as const) {
    const file = makeExr(8, 6, shade, {
      compression,
      prefix: 'ViewLayer.Combined.',
      others: ['ViewLayer.Depth.Z', 'ViewLayer.Normal.X', 'ViewLayer.Normal.Y', 'ViewLayer.Normal.Z', 'ViewLayer.UV.U'],
    });
    const layers = ['ViewLayer.Combined', 'ViewLayer.Depth', 'ViewLayer.Normal', 'ViewLayer.UV'];
    const combined = (await linear(file))!;
    expect(combined).toMatchObject({ layer: 'ViewLayer.Combined', layers });
    expect(lightAt(combined, { x: 3, y: 5 })).toEqual([0.375, 0.625, 4, 1]);
    expect(lightAt((await linear(file, 'ViewLayer.Depth'))!, { x: 0, y: 0 })).toEqual([7, 7, 7, 1]);
    expect(lightAt((await linear(file, 'ViewLayer.Normal'))!, { x: 7, y: 5 })).toEqual([7, 7, 7, 1]);
    expect(await linear(file, 'ViewLayer.Gone')).toBeNull();
  }
});

it('tells parts of a file apart', async () => {
  const image = (await linear(makeExr(8, 6, shade, { parts: ['left', 'right'] }), 'right'))!;
  expect(image).toMatchObject({ layer: 'right', layers: ['left', 'right'] });
});

it('shows no tiles', async () => {
  expect(await linear(makeExr(8, 8, shade, { tile: 4 }))).toBeNull();
});
