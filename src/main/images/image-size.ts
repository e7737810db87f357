/** In pixels. */
export interface ImageSize {
  readonly width: number;
  readonly height: number;
}

/** Called as soon as the size is known; throws if it is wrong, so that nothing more is read. */
export type SizeCheck = (size: ImageSize) => void;

/** @throws Error that names both sizes */
export function sizeCheck(width: number, height: number): SizeCheck {
  return (actual) => {
    if (actual.width !== width || actual.height !== height) {
      throw new Error(`The image has ${actual.width} × ${actual.height} pixels instead of ${width} × ${height}.`);
    }
  };
}
