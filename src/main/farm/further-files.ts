import { extname } from 'node:path';

/**
 * Whether a file is one of those that a scene writes beside its images. A machine may name any, so only these are taken:
 * with a number for the digits of the frame's, as far as Blender puts one there, and perhaps the suffix of a view behind.
 *
 * @param file absolute, without `..`
 * @param told absolute, with `#` for the digits of the frame's number
 */
export function isFurtherFile(file: string, told: readonly string[]): boolean {
  return told.some((pattern) => {
    const ending = extname(pattern);
    const stem = pattern.slice(0, pattern.length - ending.length);
    const written = stem.split(/#+/).map(literally).join('(?:#+|-?\\d+)');
    return new RegExp(`^${written}[^/\\\\]*${literally(ending)}$`).test(file);
  });
}

function literally(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
