import type { WebGLRenderer } from 'three';
import { DRACOLoader, DRACO_GLTF_CONFIG } from 'three/examples/jsm/loaders/DRACOLoader.js';
import { GLTFLoader } from 'three/examples/jsm/loaders/GLTFLoader.js';
import { KTX2Loader } from 'three/examples/jsm/loaders/KTX2Loader.js';
import { MeshoptDecoder } from 'three/examples/jsm/libs/meshopt_decoder.module.js';
import basisWorker from './basis-worker.ts?worker&url';

let draco: DRACOLoader | null = null;
let ktx2: KTX2Loader | null = null;

/**
 * Creates a loader for compressed meshes (Draco, Meshopt) and textures (KTX 2). The decoders are part of the build and
 * start when a scene needs them.
 */
export function createLoader(renderer: WebGLRenderer): { loader: GLTFLoader; ktx2: KTX2Loader } {
  draco ??= new DRACOLoader().setDecoderPath(DRACO_GLTF_CONFIG);
  ktx2 ??= new BasisLoader().detectSupport(renderer);
  return { loader: new GLTFLoader().setDRACOLoader(draco).setKTX2Loader(ktx2).setMeshoptDecoder(MeshoptDecoder), ktx2 };
}

/** What three.js's types leave out of its loader. */
interface Transcoder {
  readonly workerSourceURL: string;
  readonly transcoderBinary: ArrayBuffer;
}

/** Starts the decoder in workers that may run it, and reports one that does not start instead of waiting for it. */
class BasisLoader extends KTX2Loader {
  #ready: Promise<void> | null = null;

  override init(): Promise<void> {
    return (this.#ready ??= this.#start());
  }

  async #start(): Promise<void> {
    await super.init();
    const { workerSourceURL, transcoderBinary } = this as unknown as Transcoder;
    this.workerPool.setWorkerCreator(() => {
      const worker = new Worker(basisWorker, { name: workerSourceURL });
      worker.addEventListener('error', ({ message }) => {
        console.error('The decoder of Basis textures failed:', message);
        worker.dispatchEvent(new MessageEvent('message', { data: FAILED }));
      });
      const wasm = transcoderBinary.slice(0);
      worker.postMessage({ type: 'init', config: this.workerConfig, transcoderBinary: wasm }, [wasm]);
      return worker;
    });
  }
}

/** A reply of the decoder, as three.js reads it. */
const FAILED = { type: 'error', error: 'the decoder of Basis textures failed', data: {} };
