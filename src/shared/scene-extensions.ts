/** Scene file extensions by built-in engine, in lower case with the dot. */
export const SCENE_EXTENSIONS = { gltf: ['.glb', '.gltf'], blender: ['.blend'] } as const;
/** The engines that ship with the program. */
export const BUILT_IN_ENGINES: readonly string[] = Object.keys(SCENE_EXTENSIONS);
/** All of their extensions, for dialogs and shells without a host. */
export const ALL_SCENE_EXTENSIONS: readonly string[] = Object.values(SCENE_EXTENSIONS).flat();
