import type { FrameProgress } from '../render-engine';

/** Samples done and total, as printed by Cycles and EEVEE; a frame in tiles counts the samples of all tiles. */
const TILES = /Rendered (\d+)\s*\/\s*(\d+) Tiles/i;
const SAMPLES = /(?:Sample|Rendering) (\d+)\s*\/\s*(\d+)/i;
const REMAINING = /Remaining:\s*([\d:.]+)/;
const MEMORY = /\bMem:\s*([\d.]+)([KMG])?/;
const UNITS: Readonly<Record<string, number>> = { K: 2 ** 10, M: 2 ** 20, G: 2 ** 30 };

/**
 * Whether a line reports progress within a frame: `Fra:1 Mem:9.91M … | Sample 0/4`, since Blender 5 (not verified)
 * `00:00.100  render | Fra: 1 | … | Sample 8/16`.
 */
export function isStatsLine(line: string): boolean {
  return /^(?:[\d:.]+\s+\S+\s+\|\s*)?Fra:\s*-?\d+\b/.test(line);
}

/**
 * Parses such a line, or the text passed to Blender's `render_stats` handlers; `sample` may decrease. Null where it
 * contains no samples.
 */
export function parseStats(text: string): FrameProgress | null {
  const [, sample, samples] = SAMPLES.exec(text) ?? [];
  if (sample === undefined || samples === undefined || Number(samples) === 0) return null;
  const [, tile, tiles] = TILES.exec(text) ?? [];
  const [, remaining] = REMAINING.exec(text) ?? [];
  const [, size, unit = 'M'] = MEMORY.exec(text) ?? [];
  const all = Number(samples);
  const done =
    tile === undefined || tiles === undefined || Number(tiles) < 2
      ? Number(sample)
      : Math.floor(
          (all * (Math.min(Number(tile), Number(tiles)) + (Number(tile) < Number(tiles) ? Number(sample) / all : 0))) /
            Number(tiles),
        );
  return {
    sample: Math.min(done, all),
    samples: all,
    ...(remaining === undefined ? {} : { secondsLeft: parseTime(remaining) }),
    ...(size === undefined ? {} : { memoryBytes: Math.round(Number(size) * (UNITS[unit] ?? 1)) }),
  };
}

/** Converts Blender's `mm:ss.ff` and `hh:mm:ss.ff` to seconds. */
function parseTime(text: string): number {
  return text.split(':').reduce((seconds, part) => seconds * 60 + Number(part), 0);
}
