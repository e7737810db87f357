import { extname } from 'node:path';

/** What a frame writes beside its images. */
export interface FurtherFiles {
  /** Absolute, with `#` for the digits of the frame's number. */
  readonly told: readonly string[];
  readonly frame: number;
  /** Suffixes of the views that the scene may have. */
  readonly views: readonly string[];
}

/**
 * Whether a file is one of those that a scene writes beside its images. A machine may name any, so only these are taken:
 * with the frame's number for its digits, as far as Blender puts it there, and perhaps the suffix of a view behind.
 *
 * @param file absolute, without `..`
 */
export function isFurtherFile(file: string, { told, frame, views }: FurtherFiles): boolean {
  return told.some((pattern) => {
    const ending = extname(pattern);
    const rest = afterStem(file, pattern.slice(0, pattern.length - ending.length), frame);
    return rest !== null && (rest === ending || views.some((view) => rest === view + ending));
  });
}

/** What follows a stem in a file's path; null where that does not begin with it. */
function afterStem(file: string, stem: string, frame: number): string | null {
  let at = 0;
  for (const part of stem.split(/(#+)/)) {
    const written = part.startsWith('#') && !file.startsWith(part, at) ? padded(frame, part.length) : part;
    if (!file.startsWith(written, at)) return null;
    at += written.length;
  }
  return file.slice(at);
}

/** A number as C's `%.*d` writes it, which BLI_path_frame uses: a sign is none of the digits. */
function padded(number: number, digits: number): string {
  return (number < 0 ? '-' : '') + String(Math.abs(number)).padStart(digits, '0');
}
