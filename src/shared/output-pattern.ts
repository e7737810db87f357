import { type ImageFormat, imageEndingOf, imageFormatSchema, imageFormats } from './image-format';

/**
 * Blender's rule for output paths: the last run of `#` in the file name becomes the frame number, padded with zeros to the run's
 * length; a name without `#` gets four digits at its end. An ending that the format is known by stays as it is written, another image format's gives way
 * to the format's own, and where there is none that is added.
 *
 * @param pattern a path, `/` or `\` separated; the folder part is left as it is
 * @param format an image format, or an ending with its dot
 * @param view suffix of a view of the image, such as `_L`: it stands before the ending; '' for an image with one view
 * @returns the path of that frame's image
 */
export function expandOutputPattern(
  pattern: string,
  frame: number,
  format: ImageFormat | `.${string}` = 'png',
  view = '',
): string {
  const cut = Math.max(pattern.lastIndexOf('/'), pattern.lastIndexOf('\\')) + 1;
  const folder = pattern.slice(0, cut);
  const whole = pattern.slice(cut);
  const own = endingsOf(format);
  const fitting = own.find((ending) => whole.toLowerCase().endsWith(ending));
  const written = fitting ? whole.slice(-fitting.length) : imageEndingOf(whole);
  const name = whole.slice(0, whole.length - written.length);
  const digits = (width: number): string => String(frame).padStart(width, '0');
  const run = [...name.matchAll(/#+/g)].at(-1);
  const numbered = run
    ? name.slice(0, run.index) + digits(run[0].length) + name.slice(run.index + run[0].length)
    : name + digits(4);
  return folder + numbered + view + (fitting ? written : own[0]);
}

/** All endings that fit, the one to write first. */
function endingsOf(format: string): readonly string[] {
  const known = imageFormatSchema.safeParse(format);
  if (known.success) return imageFormats[known.data].extensions;
  return Object.values(imageFormats).find(({ extensions }) => extensions.includes(format))?.extensions ?? [format];
}
