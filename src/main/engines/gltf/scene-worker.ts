import { serveTasks } from '../../threads/serve-tasks';
import type { GltfFacts } from './gltf-facts';
import { readGltf } from './read-gltf';
import type { SceneTask } from './scene-reader';

/** Thread that reads glTF scenes, one at a time. */
serveTasks<SceneTask, GltfFacts>(({ path, access }) => readGltf(path, access));
