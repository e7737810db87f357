import { placementOf, type ImageZoom, type Placement, type Size } from '../../model/image-zoom';
import { sourceSize, type Picture } from './picture';

export type Backdrop = 'checker' | 'neutral';

/** Scale from which pixels are drawn as squares. */
const SQUARES = 2;
/** Pixels of the screen on a side of the checkerboard's squares, before the screen's density. */
const CHECK = 8;
const PLAIN = '#3d3d3f';
const CHECKS = ['#4a4a4d', '#353537'] as const;

/** What is drawn on a stage. */
export interface Painting {
  readonly picture: Picture;
  /** In pixels of the screen. */
  readonly stage: Size;
  readonly zoom: ImageZoom;
  readonly backdrop: Backdrop;
  /** Pixels of the screen for each CSS pixel. */
  readonly density: number;
  /** Drawn right of `at`, pixels of the screen from the left of the stage. */
  readonly wipe?: { readonly picture: Picture; readonly at: number } | null;
}

/** Draws a picture and what is behind it; the stage around it stays clear. */
export function paintImage(canvas: HTMLCanvasElement, painting: Painting): void {
  const context = canvas.getContext('2d');
  if (!context) return;
  const { picture, wipe, stage } = painting;
  if (canvas.width !== stage.width) canvas.width = stage.width;
  if (canvas.height !== stage.height) canvas.height = stage.height;
  const placement = placementOf(painting.zoom, picture, stage);
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, canvas.width, canvas.height);
  if (!wipe) {
    paintOne(context, picture, painting, placement, picture);
    return;
  }
  for (const [shown, from, to] of [
    [picture, 0, wipe.at],
    [wipe.picture, wipe.at, canvas.width],
  ] as const) {
    context.save();
    context.beginPath();
    context.rect(from, 0, to - from, canvas.height);
    context.clip();
    paintOne(context, shown, painting, placement, picture);
    context.restore();
  }
}

/** @param size that the picture takes, in pixels of the image */
function paintOne(
  context: CanvasRenderingContext2D,
  picture: Picture,
  { backdrop, density }: Painting,
  { scale, left, top }: Placement,
  size: Size,
): void {
  const box = [Math.round(left), Math.round(top)] as const;
  const width = Math.max(1, Math.round(left + size.width * scale) - box[0]);
  const height = Math.max(1, Math.round(top + size.height * scale) - box[1]);
  context.fillStyle = backdrop === 'checker' ? checkerOf(context, density) : PLAIN;
  context.fillRect(...box, width, height);
  const pixels = sourceSize(picture);
  context.imageSmoothingEnabled = width / pixels.width < SQUARES;
  context.imageSmoothingQuality = width < pixels.width ? 'medium' : 'low';
  // Far in, only the part in sight is drawn: coordinates far outside of the stage lose precision.
  const ratio = { x: pixels.width / width, y: pixels.height / height };
  const from = {
    x: Math.max(0, Math.floor(-box[0] * ratio.x)),
    y: Math.max(0, Math.floor(-box[1] * ratio.y)),
  };
  const to = {
    x: Math.min(pixels.width, Math.ceil((context.canvas.width - box[0]) * ratio.x)),
    y: Math.min(pixels.height, Math.ceil((context.canvas.height - box[1]) * ratio.y)),
  };
  if (to.x <= from.x || to.y <= from.y) return;
  context.drawImage(
    picture.source,
    from.x,
    from.y,
    to.x - from.x,
    to.y - from.y,
    box[0] + from.x / ratio.x,
    box[1] + from.y / ratio.y,
    (to.x - from.x) / ratio.x,
    (to.y - from.y) / ratio.y,
  );
}

const checkers = new Map<number, HTMLCanvasElement>();

function checkerOf(context: CanvasRenderingContext2D, density: number): CanvasPattern | string {
  const side = Math.max(1, Math.round(CHECK * density));
  let tile = checkers.get(side);
  if (!tile) {
    tile = document.createElement('canvas');
    tile.width = tile.height = side * 2;
    const drawn = tile.getContext('2d');
    if (!drawn) return PLAIN;
    for (let square = 0; square < 4; square++) {
      drawn.fillStyle = CHECKS[square === 0 || square === 3 ? 0 : 1];
      drawn.fillRect((square % 2) * side, square < 2 ? 0 : side, side, side);
    }
    checkers.set(side, tile);
  }
  return context.createPattern(tile, 'repeat') ?? PLAIN;
}
