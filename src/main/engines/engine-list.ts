import { blenderEngine } from './blender/blender-engine';
import type { EngineFactory } from './engine-context';
import { gltfEngine } from './gltf/gltf-engine';

/** All engines, one per line. The first that opens a scene's file name extension renders it. */
export const ENGINES: readonly EngineFactory[] = [gltfEngine, blenderEngine];
