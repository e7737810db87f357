const SCENE_NAME = /\.(glb|gltf|blend)$/i;

/** Whether an add-on was dropped rather than a scene: a single .zip or folder. */
export const holdsAddon = (files: readonly File[], isFolder: boolean): boolean =>
  files.length === 1 && (isFolder || /\.zip$/i.test(files[0]!.name));

/** As many scenes as one can look through in a list. */
const MAX_SCENES = 200;

/**
 * The scenes among dropped files; the others are taken for their buffers and textures.
 *
 * @throws Error with a sentence to show when there is none, or more than can be taken at once
 */
export function scenesIn(files: readonly File[]): File[] {
  const scenes = files.filter((file) => SCENE_NAME.test(file.name));
  if (scenes.length === 0) {
    const what =
      files.length === 1
        ? `“${files[0]!.name}” is`
        : `${files.length === 0 ? 'What was dropped' : 'These files'} ${files.length === 0 ? 'is' : 'are'}`;
    throw new Error(`${what} not a scene: drop a .glb, .gltf or .blend file, or the .zip of an add-on.`);
  }
  if (scenes.length > MAX_SCENES)
    throw new Error(`${scenes.length} scenes were dropped: drop at most ${MAX_SCENES} at a time.`);
  return scenes;
}
