/** The areas of the render workspace, by the names that their styles have. */
export const AREA_IDS = ['queue', 'viewer', 'properties', 'timeline'] as const;
export type AreaId = (typeof AREA_IDS)[number];
/** The areas that have a size of their own; the image takes what they leave. */
export type SizedArea = Exclude<AreaId, 'viewer'>;

/** What a person has chosen, in pixels; null for the usual share of the window. */
export type ChosenSizes = Readonly<Record<SizedArea, number | null>>;

/** The size of an area and how far it can be moved, in pixels. */
export interface AreaSize {
  readonly value: number;
  readonly min: number;
  readonly max: number;
}

/** Below these an area's own controls no longer fit. */
const MIN: Readonly<Record<SizedArea, number>> = { queue: 200, properties: 220, timeline: 84 };
const MIN_VIEWER = { width: 220, height: 140 };
/** Menus, status bar and gaps. */
const AROUND = { width: 12, height: 66 };

/**
 * How large each area is in a window of this size: as chosen, as long as the image keeps enough room. In a window that
 * is too small for all, first the queue gives way, then the properties.
 *
 * @param window pixels of the page
 * @param propertiesShown whether the properties take room at all
 */
export function areaSizes(
  chosen: ChosenSizes,
  window: { readonly width: number; readonly height: number },
  propertiesShown = true,
): Readonly<Record<SizedArea, AreaSize>> {
  const width = window.width - AROUND.width - MIN_VIEWER.width;
  const height = window.height - AROUND.height - MIN_VIEWER.height;
  const properties = fitted(
    chosen.properties ?? between(240, 0.21 * window.width, 320),
    MIN.properties,
    width - MIN.queue,
  );
  const besides = propertiesShown ? properties.value : 0;
  const queue = fitted(chosen.queue ?? between(216, 0.28 * window.width, 660), MIN.queue, width - besides);
  return {
    queue,
    // What is dragged does not push the queue, which stays as it is seen.
    properties: { ...properties, max: Math.max(properties.value, width - queue.value) },
    timeline: fitted(chosen.timeline ?? 112, MIN.timeline, height),
  };
}

/**
 * Whether a window is too narrow for areas side by side, as on a phone or at 400 % zoom: they stand one below another, and
 * the window scrolls.
 *
 * @param width pixels of the page
 */
export function areStacked(width: number, propertiesShown = true): boolean {
  const besides = propertiesShown ? MIN.properties : 0;
  return width < AROUND.width + MIN.queue + MIN_VIEWER.width + besides;
}

function fitted(wanted: number, min: number, most: number): AreaSize {
  const max = Math.max(min, Math.floor(most));
  return { value: between(min, Math.round(wanted), max), min, max };
}

function between(min: number, value: number, max: number): number {
  return Math.min(max, Math.max(min, value));
}
