import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { writeFileAtomically } from '../data/write-file-atomically';

/** A window's position, in desktop pixels. */
const windowStateSchema = z.object({
  x: z.int(),
  y: z.int(),
  width: z.int().min(1),
  height: z.int().min(1),
  maximized: z.boolean(),
});
export type WindowState = z.infer<typeof windowStateSchema>;

/** A rectangle in desktop pixels. */
export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export const DEFAULT_SIZE = { width: 1440, height: 900 } as const;
/** Minimum size of the UI's layout. */
export const MINIMUM_SIZE = { width: 960, height: 600 } as const;
/** Minimum part of a window that must be on a screen for it to be grabbed, in pixels. */
const GRIP = 64;

/**
 * Chooses the window's bounds: the stored ones, if they are still on a screen; else the system's position, at most as
 * large as the first screen.
 *
 * @param screens work areas, the primary one first
 */
export function initialBounds(
  saved: WindowState | null,
  screens: readonly Area[],
): { x?: number; y?: number; width: number; height: number; maximized: boolean } {
  const first = screens[0] ?? { x: 0, y: 0, ...DEFAULT_SIZE };
  const fit = (size: { width: number; height: number }, area: Area): { width: number; height: number } => ({
    width: Math.max(MINIMUM_SIZE.width, Math.min(size.width, area.width)),
    height: Math.max(MINIMUM_SIZE.height, Math.min(size.height, area.height)),
  });
  if (!saved) return { ...fit(DEFAULT_SIZE, first), maximized: false };
  // The title bar is what the user grabs, so its height counts, not the window's.
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

/** @returns null where nothing valid is stored: the system then positions the window */
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
