import { IMAGE_FORMATS, type ImageFormat, imageEndingOf, imageFormats, namesOtherFormat } from './image-format';

/**
 * Blender's rule for output paths: the last run of `#` in the file name becomes the frame number, zero-padded to the
 * run's length; a name without `#` gets four digits at its end. An extension known for the format is kept as written,
 * another image format's is replaced by the format's own, and a missing one is added.
 *
 * @param pattern a path, separated by `/` or `\`; the folder part is unchanged
 * @param format an image format, or an extension with its dot
 * @param view suffix of a view of the image, such as `_L`, placed before the extension; '' for an image with one view
 * @returns the path of that frame's image
 */
export function expandOutputPattern(
  pattern: string,
  frame: number,
  format: ImageFormat | `.${string}` = 'png',
  view = '',
): string {
  const { folder, before, width, after } = outputNames(pattern, format, view);
  return folder + before + frameDigits(frame, width) + after;
}

/** The structure of a pattern's file names: `before`, the frame's digits, `after`. */
export interface OutputNames {
  /** With its trailing slash; '' where the pattern has none. */
  readonly folder: string;
  readonly before: string;
  /** Minimum number of digits. */
  readonly width: number;
  readonly after: string;
}

/**
 * Makes the frame number's position explicit in a pattern typed by the user: where the name ends with a digit, as in
 * `shot_v001.png`, the number follows an underscore, `shot_v001_####.png`. By Blender's rule frame 1 would be
 * `shot_v0010001.png`, in which neither people nor pipelines can tell version from frame.
 */
export function typedOutputPattern(pattern: string): string {
  const cut = Math.max(pattern.lastIndexOf('/'), pattern.lastIndexOf('\\')) + 1;
  const whole = pattern.slice(cut);
  const ending = imageEndingOf(whole);
  const name = whole.slice(0, whole.length - ending.length);
  // `shot.mp4` asks for another format, and is refused as such.
  if (namesOtherFormat(whole)) return pattern;
  return !name.includes('#') && /\d$/.test(name) ? `${pattern.slice(0, cut)}${name}_####${ending}` : pattern;
}

/** Parses a pattern as {@link expandOutputPattern} does. */
export function outputNames(pattern: string, format: ImageFormat | `.${string}` = 'png', view = ''): OutputNames {
  const cut = Math.max(pattern.lastIndexOf('/'), pattern.lastIndexOf('\\')) + 1;
  const whole = pattern.slice(cut);
  const own = endingsOf(format);
  const fitting = own.find((ending) => whole.toLowerCase().endsWith(ending));
  const written = fitting ? whole.slice(-fitting.length) : imageEndingOf(whole);
  const name = whole.slice(0, whole.length - written.length);
  const run = [...name.matchAll(/#+/g)].at(-1);
  const [before, width, rest] = run
    ? [name.slice(0, run.index), run[0].length, name.slice(run.index + run[0].length)]
    : [name, 4, ''];
  return { folder: pattern.slice(0, cut), before, width, after: rest + view + (fitting ? written : own[0]) };
}

/** Blender's padding doesn't count the sign: frame -3 of `####` is `-0003` (measured with 3.4 and 4.3). */
function frameDigits(frame: number, width: number): string {
  return (frame < 0 ? '-' : '') + String(Math.abs(frame)).padStart(width, '0');
}

/** The frame number in an image's file name; null where the name doesn't match. */
export function frameOfName(name: string, { before, width, after }: OutputNames): number | null {
  if (name.length <= before.length + after.length || !name.startsWith(before) || !name.endsWith(after)) return null;
  const digits = name.slice(before.length, name.length - after.length);
  if (!/^-?\d+$/.test(digits)) return null;
  const frame = Number(digits);
  return frameDigits(frame, width) === digits ? frame : null;
}

/** All accepted extensions, the one to write first. */
function endingsOf(format: string): readonly string[] {
  const known = IMAGE_FORMATS.find((name) => name === format);
  if (known) return imageFormats[known].extensions;
  return Object.values(imageFormats).find(({ extensions }) => extensions.includes(format))?.extensions ?? [format];
}
