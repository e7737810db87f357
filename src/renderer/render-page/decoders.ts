import type { WebGLRenderer } from 'three';
import { DRACOLoader, DRACO_GLTF_CONFIG } from 'three/examples/jsm/loaders/DRACOLoader.js';
import { GLTFLoader } from 'three/examples/jsm/loaders/GLTFLoader.js';
import { KTX2Loader } from 'three/examples/jsm/loaders/KTX2Loader.js';
import { MeshoptDecoder } from 'three/examples/jsm/libs/meshopt_decoder.module.js';

let draco: DRACOLoader | null = null;
let ktx2: KTX2Loader | null = null;

/**
 * Creates a loader for compressed meshes (Draco, Meshopt) and textures (KTX 2). The decoders are part of the build and
 * start when a scene needs them.
 */
export function createLoader(renderer: WebGLRenderer): { loader: GLTFLoader; ktx2: KTX2Loader } {
  draco ??= new DRACOLoader().setDecoderPath(DRACO_GLTF_CONFIG);
  ktx2 ??= new KTX2Loader().detectSupport(renderer);
  return { loader: new GLTFLoader().setDRACOLoader(draco).setKTX2Loader(ktx2).setMeshoptDecoder(MeshoptDecoder), ktx2 };
}
