/**
 * Warnings found in Blender's output during a frame: exceptions raised by scripts, each once. Blender ignores them, and
 * its exit code is 0.
 */
export function warningsIn(log: readonly string[]): string[] {
  const warnings = new Set<string>();
  let inTraceback = false;
  for (const line of log) {
    if (line.endsWith('Traceback (most recent call last):')) inTraceback = true;
    // The lines of a traceback are indented; the first that isn't contains the exception.
    else if (inTraceback && !/^\s/.test(line)) {
      inTraceback = false;
      warnings.add(
        `A script failed while the frame was rendered (${line.trim()}): what it should have done is missing in the image.`,
      );
    }
  }
  return [...warnings];
}
