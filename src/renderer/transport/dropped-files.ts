import { t } from '../../shared/texts/translate';

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
    throw new Error(
      t(
        '{count, plural, =0 {What was dropped is not a scene: drop a .glb, .gltf or .blend file, or the .zip of an add-on.} one {“{name}” is not a scene: drop a .glb, .gltf or .blend file, or the .zip of an add-on.} other {These files are not a scene: drop a .glb, .gltf or .blend file, or the .zip of an add-on.}}',
        { count: files.length, name: files[0]?.name ?? '' },
      ),
    );
  }
  if (scenes.length > MAX_SCENES)
    throw new Error(
      t('{count} scenes were dropped: drop at most {maxscenes} at a time.', {
        count: scenes.length,
        maxscenes: MAX_SCENES,
      }),
    );
  return scenes;
}
