import {
  useCallback,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
  type KeyboardEvent,
  type MouseEvent,
  type PointerEvent,
} from 'react';
import { t } from '../../../shared/texts/translate';
import {
  FIT,
  atScale,
  panned,
  pixelForPixel,
  pixelUnder,
  placementOf,
  wheelFactor,
  zoomedAt,
  type ImageZoom,
  type Point,
  type Size,
} from '../../model/image-zoom';
import type { PlayedPictures } from '../../playback/played-pictures';
import type { Hovered } from './hovered-pixel';
import { paintImage, type Backdrop } from './paint-image';
import type { Picture } from './picture';
import { useStage } from './use-stage';
import './image-view.css';

/** CSS pixels that Shift with an arrow key moves the image by. */
const STEP = 48;

interface Props {
  /** null: those of `feed`. */
  picture: Picture | null;
  /** Pictures of an animation that is played; null while none is. */
  feed: PlayedPictures | null;
  /** What the picture shows, for those who don't see it. */
  name: string;
  zoom: ImageZoom;
  onZoom: (zoom: ImageZoom) => void;
  backdrop: Backdrop;
  /** A second picture right of the wipe, whose place is a share of the stage's width. */
  wipe?: { readonly picture: Picture; readonly at: number } | null;
  /** Pixels of the screen that its longer side takes. */
  onSide?: (side: number) => void;
  /** The scale at which it is drawn has changed, which `fit` leaves to the stage. */
  onScale?: (scale: number) => void;
  /** The pixel of the picture under the pointer; null once there is none. */
  onPixel?: (pixel: Hovered | null) => void;
  onContextMenu?: (event: MouseEvent<HTMLElement>) => void;
}

/**
 * A picture on a stage: the wheel zooms at the pointer, dragging pans; with the keyboard Home fits, 1 is a pixel for a
 * pixel, + and - zoom, and Shift with the arrow keys pans. Drawn with canvas 2D, which is as fast as needed without a
 * GPU.
 */
export function ImageView({
  picture: still,
  feed,
  name,
  zoom,
  onZoom,
  backdrop,
  wipe = null,
  onSide,
  onScale,
  onPixel,
  onContextMenu,
}: Props) {
  const { ref, stage, density } = useStage();
  const canvas = useRef<HTMLCanvasElement>(null);
  const drag = useRef<Point | null>(null);
  const [dragging, setDragging] = useState(false);
  const [played, setPlayed] = useState<Size | null>(null);
  const image: Size | null = still ?? played;
  const placement = stage && image && placementOf(zoom, image, stage);
  const now = useLatest({ zoom, image, stage, density, backdrop, onZoom });
  const change = useCallback(
    (next: ImageZoom): void => {
      // Several events may come before the next drawing.
      now.current = { ...now.current, zoom: next };
      now.current.onZoom(next);
    },
    [now],
  );

  useLayoutEffect(() => {
    const picture = still ?? feedPicture(feed);
    if (!canvas.current || !stage || !picture) return;
    paintImage(canvas.current, {
      picture,
      stage,
      zoom,
      backdrop,
      density,
      wipe: wipe && { picture: wipe.picture, at: Math.round(wipe.at * stage.width) },
    });
  });

  // Without React: components are called only where the size of the pictures changes.
  useEffect(() => {
    const draw = (): void => {
      const picture = feedPicture(feed);
      const { stage, zoom, backdrop, density } = now.current;
      if (!picture || !canvas.current) return;
      setPlayed((before) => (before?.width === picture.width && before.height === picture.height ? before : picture));
      if (stage) paintImage(canvas.current, { picture, stage, zoom, backdrop, density });
    };
    draw();
    return feed?.subscribe(draw);
  }, [feed, now]);

  const scale = placement?.scale;
  useEffect(() => {
    if (scale !== undefined) onScale?.(scale);
    // Whoever listens is asked at the time.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [scale]);

  const side = placement && image ? Math.max(image.width, image.height) * placement.scale : null;
  useEffect(() => {
    if (side !== null) onSide?.(side);
  }, [onSide, side]);

  // React listens for the wheel passively, and the page would scroll or zoom as well.
  useEffect(() => {
    const element = canvas.current!;
    const onWheel = (event: WheelEvent): void => {
      const { zoom, image, stage, density } = now.current;
      if (!stage || !image) return;
      event.preventDefault();
      const { scale } = placementOf(zoom, image, stage);
      const factor = wheelFactor(event.deltaY, event.deltaMode, event.ctrlKey && event.deltaMode === 0);
      change(zoomedAt(zoom, image, stage, pointOf(event, element, density), scale * factor));
    };
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => element.removeEventListener('wheel', onWheel);
  }, [now, change]);

  const onPointerDown = (event: PointerEvent<HTMLCanvasElement>): void => {
    if (event.button > 1) return;
    // Otherwise the middle button starts the browser's own scrolling.
    if (event.button === 1) event.preventDefault();
    drag.current = { x: event.clientX, y: event.clientY };
    setDragging(true);
    event.currentTarget.setPointerCapture(event.pointerId);
  };
  const onPointerMove = (event: PointerEvent<HTMLCanvasElement>): void => {
    if (!stage || !image || !placement) return;
    if (drag.current) {
      const by = { x: (event.clientX - drag.current.x) * density, y: (event.clientY - drag.current.y) * density };
      drag.current = { x: event.clientX, y: event.clientY };
      if (by.x !== 0 || by.y !== 0) change(panned(now.current.zoom, image, stage, by));
    } else if (onPixel) {
      const at = pointOf(event, event.currentTarget, density);
      const pixel = pixelUnder(placement, image, at);
      onPixel(pixel && { ...pixel, other: wipe !== null && at.x >= wipe.at * stage.width });
    }
  };
  const stop = (): void => {
    drag.current = null;
    setDragging(false);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (!stage || !image || !placement || event.ctrlKey || event.metaKey || event.altKey) return;
    const next = zoomOfKey(event, zoom, image, stage, placement.scale, density);
    if (!next) return;
    event.preventDefault();
    event.stopPropagation();
    change(next);
  };
  return (
    <div
      ref={ref}
      className="image-view"
      role="group"
      aria-label={t('Image: Home fits it, 1 shows it pixel for pixel, + and - zoom, Shift and the arrow keys pan')}
      tabIndex={0}
      onKeyDown={onKeyDown}
      onContextMenu={onContextMenu}
    >
      <canvas
        ref={canvas}
        className={`image-view-canvas ${dragging ? 'image-view-dragged' : ''}`}
        role="img"
        aria-label={name}
        data-width={image?.width}
        data-height={image?.height}
        data-scale={scale}
        data-left={placement?.left}
        data-top={placement?.top}
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onPointerUp={stop}
        onPointerCancel={stop}
        onPointerLeave={() => onPixel?.(null)}
      />
    </div>
  );
}

function feedPicture(feed: PlayedPictures | null): Picture | null {
  const picture = feed?.current();
  return picture ? { key: picture.key, width: picture.width, height: picture.height, source: picture.bitmap } : null;
}

/** What a key makes of the zoom; null for keys that mean something else. */
function zoomOfKey(
  event: KeyboardEvent,
  zoom: ImageZoom,
  image: Size,
  stage: Size,
  scale: number,
  density: number,
): ImageZoom | null {
  const pan = (x: number, y: number): ImageZoom | null =>
    event.shiftKey ? panned(zoom, image, stage, { x: x * STEP * density, y: y * STEP * density }) : null;
  switch (event.key) {
    case 'Home':
      return FIT;
    case '1':
      return pixelForPixel(zoom);
    case '+':
    case '=':
      return atScale(zoom, image, stage, scale * Math.SQRT2);
    case '-':
      return atScale(zoom, image, stage, scale / Math.SQRT2);
    case 'ArrowLeft':
      return pan(1, 0);
    case 'ArrowRight':
      return pan(-1, 0);
    case 'ArrowUp':
      return pan(0, 1);
    case 'ArrowDown':
      return pan(0, -1);
    default:
      return null;
  }
}

/** Where the pointer is on the canvas, in pixels of the screen. */
function pointOf(event: { clientX: number; clientY: number }, canvas: Element, density: number): Point {
  const { left, top } = canvas.getBoundingClientRect();
  return { x: (event.clientX - left) * density, y: (event.clientY - top) * density };
}

/** The latest value, for listeners that live longer than one drawing. */
function useLatest<T>(value: T): { current: T } {
  const latest = useRef(value);
  useLayoutEffect(() => {
    latest.current = value;
  });
  return latest;
}
