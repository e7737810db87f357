/**
 * Blender's rule for output paths: the last run of `#` in the file name becomes the frame number, padded with zeros to the run's
 * length; a name without `#` gets four digits at its end. The format's extension is added where it is missing.
 *
 * @param pattern a path, `/` or `\` separated; the folder part is left as it is
 * @returns the path of that frame's image
 */
export function expandOutputPattern(pattern: string, frame: number, extension = '.png'): string {
  const cut = Math.max(pattern.lastIndexOf('/'), pattern.lastIndexOf('\\')) + 1;
  const folder = pattern.slice(0, cut);
  let name = pattern.slice(cut);
  let tail = '';
  if (name.toLowerCase().endsWith(extension)) {
    tail = name.slice(-extension.length);
    name = name.slice(0, -extension.length);
  } else {
    tail = extension;
  }
  const digits = (width: number): string => String(frame).padStart(width, '0');
  const runs = [...name.matchAll(/#+/g)];
  const run = runs.at(-1);
  const numbered = run ? name.slice(0, run.index) + digits(run[0].length) + name.slice(run.index + run[0].length) : name + digits(4);
  return folder + numbered + tail;
}
