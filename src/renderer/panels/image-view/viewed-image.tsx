import { useCallback, useEffect, type MouseEvent } from 'react';
import { useApp, useAppState } from '../../app-context';
import type { ImageLook } from '../../model/image-viewing';
import type { ImageZoom } from '../../model/image-zoom';
import type { PlayedPictures } from '../../playback/played-pictures';
import { HistogramChart } from './histogram-chart';
import type { HoveredPixel } from './hovered-pixel';
import { ImageView } from './image-view';
import type { Picture } from './picture';
import { useLook } from './use-comparison';
import { WipeHandle } from './wipe-handle';

/** The image of a frame as it is looked at: its channels, compared with another one, its histogram. */
export function ViewedImage({
  image,
  feed,
  other,
  look,
  onLook,
  hovered,
  ...view
}: {
  /** null: the pictures of `feed`. */
  image: Picture | null;
  feed: PlayedPictures | null;
  name: string;
  zoom: ImageZoom;
  onZoom: (zoom: ImageZoom) => void;
  onScale: (scale: number) => void;
  onContextMenu?: (event: MouseEvent<HTMLElement>) => void;
  /** What it is compared with; null for nothing. */
  other: Picture | null;
  look: ImageLook;
  onLook: (change: Partial<ImageLook>) => void;
  hovered: HoveredPixel;
}) {
  const { actions, pictures } = useApp();
  // Played pictures come no larger than they are drawn.
  const onSide = useCallback(
    (side: number) => {
      pictures.drawnAt(side);
      actions.makeProxies();
    },
    [actions, pictures],
  );
  // Another image, or one that stands again.
  const standing = feed === null ? image : null;
  useEffect(() => {
    if (standing) actions.makeProxies();
  }, [actions, standing]);
  const { backdrop, histogram } = useAppState((state) => state.view);
  const { picture, wiped } = useLook(image, other, look);
  return (
    <>
      <ImageView
        {...view}
        picture={picture}
        feed={feed}
        onSide={onSide}
        backdrop={backdrop}
        wipe={wiped && { picture: wiped, at: look.wipe }}
        onPixel={hovered.set}
      />
      {wiped && <WipeHandle at={look.wipe} onMove={(wipe) => onLook({ wipe })} />}
      {histogram && image && <HistogramChart picture={image} />}
    </>
  );
}
