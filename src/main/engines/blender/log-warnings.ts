/**
 * What the person should know of what Blender and the scripts in it printed while a frame was rendered: scripts that raised, each once. Blender goes on after them, and its exit code is 0.
 */
export function warningsIn(log: readonly string[]): string[] {
  const warnings = new Set<string>();
  let inTraceback = false;
  for (const line of log) {
    if (line.endsWith('Traceback (most recent call last):')) inTraceback = true;
    // The lines of a traceback are indented; the first one that isn't says what was raised.
    else if (inTraceback && !/^\s/.test(line)) {
      inTraceback = false;
      warnings.add(
        `A script failed while the frame was rendered (${line.trim()}): what it should have done is missing in the image.`,
      );
    }
  }
  return [...warnings];
}
