/** A width and height, in pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A position in pixels, from the upper left. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/**
 * How an image stands in its stage. Kept relative to the image, so that the next frame, another size of the window or
 * an image of another size show the same part.
 */
export type ImageZoom =
  | { readonly kind: 'fit' }
  /**
   * `scale`: pixels of the screen for each pixel of the image. `x`, `y`: what part of the image is in the middle of the
   * stage, as shares of its width and height.
   */
  | { readonly kind: 'free'; readonly scale: number; readonly x: number; readonly y: number };

export const FIT: ImageZoom = { kind: 'fit' };

/** Where an image is drawn: pixels of the screen, from the stage's upper left corner. */
export interface Placement {
  readonly scale: number;
  readonly left: number;
  readonly top: number;
}

export const SMALLEST_SCALE = 1 / 64;
export const LARGEST_SCALE = 64;
/** Pixels of the screen around an image that fits its stage. */
const MARGIN = 8;
/** Wheel travel, in CSS pixels, that doubles or halves the size: three notches of most mice. */
const DOUBLING = 300;
/** CSS pixels of a line and of a page of wheel travel, for mice that report those. */
const LINE = 16;
const PAGE = 400;

/** Where the image is drawn in a stage of this size, both in pixels of the screen. */
export function placementOf(zoom: ImageZoom, image: Size, stage: Size): Placement {
  const scale = zoom.kind === 'fit' ? fittingScale(image, stage) : zoom.scale;
  const [x, y] = zoom.kind === 'fit' ? [0.5, 0.5] : [zoom.x, zoom.y];
  return { scale, left: stage.width / 2 - x * image.width * scale, top: stage.height / 2 - y * image.height * scale };
}

/** The scale at which the whole image is seen, as large as possible. */
function fittingScale(image: Size, stage: Size): number {
  const scale = Math.min((stage.width - 2 * MARGIN) / image.width, (stage.height - 2 * MARGIN) / image.height);
  // A stage without any room, and an image of a hundred thousand pixels, still have a scale.
  return Math.max(1 / 65_536, scale);
}

/** Another scale, at which the image's point under `at` stays there. */
export function zoomedAt(zoom: ImageZoom, image: Size, stage: Size, at: Point, scale: number): ImageZoom {
  const before = placementOf(zoom, image, stage);
  const next = Math.min(LARGEST_SCALE, Math.max(Math.min(SMALLEST_SCALE, before.scale), scale));
  const point = { x: (at.x - before.left) / before.scale, y: (at.y - before.top) / before.scale };
  return {
    kind: 'free',
    scale: next,
    x: share((point.x + (stage.width / 2 - at.x) / next) / image.width),
    y: share((point.y + (stage.height / 2 - at.y) / next) / image.height),
  };
}

/** A pixel of the image for each pixel of the screen, around the same middle. */
export function pixelForPixel(zoom: ImageZoom): ImageZoom {
  return { kind: 'free', scale: 1, x: zoom.kind === 'free' ? zoom.x : 0.5, y: zoom.kind === 'free' ? zoom.y : 0.5 };
}

export function isPixelForPixel(zoom: ImageZoom): boolean {
  return zoom.kind === 'free' && zoom.scale === 1;
}

/** The same scale, with the image moved by this many pixels of the screen. */
export function panned(zoom: ImageZoom, image: Size, stage: Size, by: Point): ImageZoom {
  const { scale, left, top } = placementOf(zoom, image, stage);
  return {
    kind: 'free',
    scale,
    x: share((stage.width / 2 - left - by.x) / (image.width * scale)),
    y: share((stage.height / 2 - top - by.y) / (image.height * scale)),
  };
}

/** Another scale, around the same middle. */
export function atScale(zoom: ImageZoom, image: Size, stage: Size, scale: number): ImageZoom {
  return zoomedAt(zoom, image, stage, { x: stage.width / 2, y: stage.height / 2 }, scale);
}

/** The middle of the stage stays on the image, so that it can't be lost from sight. */
function share(value: number): number {
  return Math.min(1, Math.max(0, value));
}

/**
 * By how much one event of the wheel changes the size.
 *
 * @param mode the event's deltaMode: pixels, lines or pages
 * @param pinch a gesture on a touchpad, whose travel is much shorter
 */
export function wheelFactor(delta: number, mode: number, pinch = false): number {
  const travel = delta * (mode === 1 ? LINE : mode === 2 ? PAGE : 1) * (pinch ? 5 : 1);
  return 2 ** (-Math.max(-DOUBLING, Math.min(DOUBLING, travel)) / DOUBLING);
}

/** The pixel of the image under a point of the stage; null beside the image. */
export function pixelUnder(placement: Placement, image: Size, at: Point): Point | null {
  const x = Math.floor((at.x - placement.left) / placement.scale);
  const y = Math.floor((at.y - placement.top) / placement.scale);
  return x >= 0 && y >= 0 && x < image.width && y < image.height ? { x, y } : null;
}

/** As `73 %`, with a decimal below 10. */
export function zoomText(scale: number): string {
  const percent = scale * 100;
  return `${percent < 10 ? Number(percent.toFixed(1)) : Math.round(percent)} %`;
}
