import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { parseFrameRange } from '../../../shared/frame-range';
import type { JobSettings } from '../../../shared/jobs';
import { movedWithVersion } from './next-version';

/**
 * Warns about existing files at the paths of a new job's additional files: the job keeps them, whoever wrote them, unless
 * it may overwrite.
 *
 * @param wanted where the scene has them; see `RenderEngine.furtherFiles`
 */
export async function furtherFileWarnings(
  wanted: readonly string[],
  settings: Pick<JobSettings, 'frames' | 'overwrite' | 'preview' | 'output' | 'versionOf'>,
): Promise<string[]> {
  if (settings.overwrite || settings.preview) return [];
  const patterns = wanted.map((file) => movedWithVersion(file, settings));
  let frames: ReadonlySet<number> | null = null;
  const found: string[] = [];
  for (const pattern of patterns) {
    const numbered = numberIn(basename(pattern));
    for (const name of await readdir(dirname(pattern)).catch(() => [])) {
      const frame = numbered(name);
      if (frame === null) continue;
      frames ??= new Set(parseFrameRange(settings.frames));
      if (frames.has(frame)) found.push(join(dirname(pattern), name));
    }
  }
  if (found.length === 0) return [];
  const more = found.length === 1 ? '' : `, and ${found.length - 1} more`;
  return [
    `Files lie where the scene’s File Output nodes write (${found.sort()[0]}${more}): this job keeps them, and its own are missing then. Move them away, or let the job overwrite.`,
  ];
}

/** @returns a function that extracts the frame number from a name of that pattern; null if the name doesn't match */
function numberIn(pattern: string): (name: string) => number | null {
  const digits = /#+/.exec(pattern);
  if (!digits) return () => null;
  const [before, after] = [pattern.slice(0, digits.index), pattern.slice(digits.index + digits[0].length)];
  return (name) => {
    if (name.length < pattern.length || !name.startsWith(before) || !name.endsWith(after)) return null;
    const number = name.slice(before.length, name.length - after.length);
    return /^-?\d+$/.test(number) ? Number(number) : null;
  };
}
