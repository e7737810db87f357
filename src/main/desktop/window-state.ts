import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { writeFileAtomically } from '../data/write-file-atomically';

/** Where a window was, in pixels of the desktop. */
export const windowStateSchema = z.object({
  x: z.int(),
  y: z.int(),
  width: z.int().min(1),
  height: z.int().min(1),
  maximized: z.boolean(),
});
export type WindowState = z.infer<typeof windowStateSchema>;

/** A rectangle in pixels of the desktop. */
export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export const DEFAULT_SIZE = { width: 1440, height: 900 } as const;
/** The UI's areas have no room below this. */
export const MINIMUM_SIZE = { width: 960, height: 600 } as const;
/** So much of a window must be on a screen, in pixels, for a person to get hold of it. */
const GRIP = 64;

/**
 * Where to open the window: where it was, if a screen is still there; else in the default place, as large as the first screen allows.
 *
 * @param screens work areas, the first one's own first
 */
export function placeWindow(
  saved: WindowState | null,
  screens: readonly Area[],
): { x?: number; y?: number; width: number; height: number; maximized: boolean } {
  const first = screens[0] ?? { x: 0, y: 0, ...DEFAULT_SIZE };
  const fit = (size: { width: number; height: number }, area: Area): { width: number; height: number } => ({
    width: Math.max(MINIMUM_SIZE.width, Math.min(size.width, area.width)),
    height: Math.max(MINIMUM_SIZE.height, Math.min(size.height, area.height)),
  });
  if (!saved) return { ...fit(DEFAULT_SIZE, first), maximized: false };
  // The title bar is what one takes hold of, so its height counts and not the window's.
  const home = screens.find(
    (screen) =>
      overlap(saved.x, saved.width, screen.x, screen.width) >= GRIP &&
      saved.y >= screen.y &&
      saved.y <= screen.y + screen.height - GRIP,
  );
  if (!home) return { ...fit(saved, first), maximized: saved.maximized };
  return { x: saved.x, y: saved.y, ...fit(saved, home), maximized: saved.maximized };
}

function overlap(a: number, aLength: number, b: number, bLength: number): number {
  return Math.min(a + aLength, b + bLength) - Math.max(a, b);
}

/** @returns null where nothing readable was stored: the window then opens in its default place */
export function readWindowState(file: string): WindowState | null {
  try {
    return windowStateSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return null;
  }
}

export async function saveWindowState(file: string, state: WindowState): Promise<void> {
  await writeFileAtomically(file, `${JSON.stringify(state)}\n`);
}
