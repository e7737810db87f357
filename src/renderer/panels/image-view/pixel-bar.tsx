import { useSyncExternalStore } from 'react';
import { t } from '../../../shared/texts/translate';
import type { LinearImage } from '../../../shared/linear-image';
import { lightAt, lightText } from '../../model/develop-image';
import { pixelText } from '../../model/image-pixels';
import type { HoveredPixel } from './hovered-pixel';
import type { Picture } from './picture';
import { pixelAt } from './read-pixels';

/** The pixel under the pointer: its place, counted from the lower left as in Blender, its channels and its colour. */
export function PixelBar({
  hovered,
  shown,
  other,
  lights,
}: {
  hovered: HoveredPixel;
  shown: Picture | null;
  /** What it is compared with. */
  other: Picture | null;
  /** Their scene-linear light, where it is known. */
  lights?: { readonly shown: LinearImage | null; readonly other: LinearImage | null };
}) {
  const pixel = useSyncExternalStore(hovered.subscribe, hovered.get);
  const picture = pixel?.other ? other : shown;
  const rgba = pixel && picture && pixel.x < picture.width && pixel.y < picture.height ? pixelAt(picture, pixel) : null;
  if (!pixel || !picture || !rgba)
    return <p className="pixel-bar pixel-bar-empty">{t('Point at the image to read its pixels.')}</p>;
  const { channels, hex } = pixelText(rgba);
  const light = pixel.other ? lights?.other : lights?.shown;
  const values = light ? lightAt(light, pixel).map(lightText) : channels.map(({ share }) => share);
  return (
    <dl className="pixel-bar" aria-label={t('Pixel')}>
      <Value name="X" text={String(pixel.x)} />
      <Value name="Y" text={String(picture.height - 1 - pixel.y)} />
      {channels.map(({ name, byte }, index) => (
        <Value key={name} name={name} text={String(byte)} faint={values[index]!} />
      ))}
      <div className="pixel-color">
        <dt className="visually-hidden">{t('Color')}</dt>
        <dd>
          <svg className="pixel-swatch" viewBox="0 0 10 10" aria-hidden="true">
            <rect width="10" height="10" fill={hex} />
          </svg>
          {hex}
        </dd>
      </div>
    </dl>
  );
}

function Value({ name, text, faint }: { name: string; text: string; faint?: string }) {
  return (
    <div className={`pixel-value pixel-${name.toLowerCase()}`}>
      <dt>{name}</dt>
      <dd>
        {text}
        {faint !== undefined && <span className="pixel-share">{faint}</span>}
      </dd>
    </div>
  );
}
