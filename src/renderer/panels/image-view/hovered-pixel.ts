import type { Point } from '../../model/image-zoom';

/** A pixel of an image, and whether it is the compared one's, right of the wipe. */
export interface Hovered extends Point {
  readonly other: boolean;
}

/** The pixel under the pointer, apart from the page's state: it changes with every move of the mouse. */
export interface HoveredPixel {
  get(): Hovered | null;
  set(pixel: Hovered | null): void;
  /** @returns stops it */
  subscribe(listener: () => void): () => void;
}

export function createHoveredPixel(): HoveredPixel {
  const listeners = new Set<() => void>();
  let hovered: Hovered | null = null;
  return {
    get: () => hovered,
    set(pixel) {
      if (pixel?.x === hovered?.x && pixel?.y === hovered?.y && pixel?.other === hovered?.other) return;
      hovered = pixel;
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
