import { expect, it } from 'vitest';
import { decodeLinearImage, encodeLinearImage, type LinearImage } from '../../src/shared/linear-image';

const image: LinearImage = {
  width: 2,
  height: 1,
  fullWidth: 4,
  fullHeight: 2,
  layer: 'Ansicht ä.Combined',
  layers: ['Ansicht ä.Combined', 'Ansicht ä.Depth'],
  samples: Uint16Array.of(1, 2, 3, 4, 5, 6, 7, 8),
};

it('comes back as it was sent', () => {
  expect(decodeLinearImage(encodeLinearImage(image).buffer)).toEqual(image);
});

it('takes nothing else', () => {
  const sent = encodeLinearImage(image);
  const changed = (change: (view: DataView) => void): ArrayBuffer => {
    const bytes = sent.slice();
    change(new DataView(bytes.buffer));
    return bytes.buffer;
  };
  const length = new DataView(sent.buffer).getUint32(0, true);
  for (const bytes of [
    new ArrayBuffer(0),
    sent.slice(0, -1).buffer,
    sent.slice(0, 20).buffer,
    changed((view) => view.setUint32(0, 0xffff_fffc, true)),
    changed((view) => view.setUint32(0, length + 4, true)),
    changed((view) => view.setUint8(4, 0x5b)),
    encodeLinearImage({ ...image, width: 3 }).buffer,
    encodeLinearImage({ ...image, width: 1 << 23, height: 1 << 23 }).buffer,
    encodeLinearImage({ ...image, width: -2, height: -1 }).buffer,
  ])
    expect(decodeLinearImage(bytes)).toBeNull();
});
