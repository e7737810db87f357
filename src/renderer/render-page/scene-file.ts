import {
  Box3,
  Color,
  LoadingManager,
  Scene,
  type AnimationClip,
  type Group,
  type Material,
  type Mesh,
  type Object3D,
  type SkinnedMesh,
  type Texture,
  type WebGLRenderer,
} from 'three';
import type { GLTFParser } from 'three/examples/jsm/loaders/GLTFLoader.js';
import { createLoader } from './decoders';
import { createPose, type Pose } from './pose';
import { RenderFailure, textOf } from './render-failure';
import { namedCameras, type SceneCamera } from './scene-camera';
import { lightScene, releaseLights, type SceneLight } from './scene-light';

/** A scene that is ready to be rendered. */
export interface LoadedScene {
  readonly scene: Scene;
  readonly pose: Pose;
  readonly cameras: ReadonlyMap<string, SceneCamera>;
  readonly light: SceneLight;
  /** Around everything visible, over the whole animation. */
  readonly bounds: Box3;
  /** Where each object stands in the file, by its id: what is drawn later does not depend on what was loaded first. */
  readonly order: ReadonlyMap<number, number>;
  /** Gives its memory back. */
  release(): void;
}

/** Linear light of the background where the scene names none: Blender's grey world. */
const BACKGROUND = 0.05;
/** Poses, spread over the animation, that the bounds are taken over. */
const BOUND_POSES = 8;

/** What comes from inside the page rather than from the scene's folder. */
function isInside(url: string): boolean {
  return /^(?:data|blob):/i.test(url);
}

/**
 * Loads a .glb or .gltf with all that belongs to it. Whatever is missing or broken is a failure: a picture without its textures, found in the morning, helps nobody.
 *
 * @param url where the host serves the scene file; `url?uri=…` serves a file that the scene refers to
 * @param onProgress called whenever another part of the scene has arrived
 * @throws RenderFailure, final unless the host could not be reached
 */
export async function loadScene(
  renderer: WebGLRenderer,
  url: string,
  onProgress: () => void,
  signal: AbortSignal,
): Promise<LoadedScene> {
  const bytes = await download(url, onProgress, signal);
  const manager = new LoadingManager();
  manager.setURLModifier((uri) => (isInside(uri) ? uri : `${url}?uri=${encodeURIComponent(uri)}`));
  manager.onProgress = onProgress;
  // Three goes on without a texture that it could not load, so that must be noticed here.
  let broken: string | null = null;
  manager.onError = (address) => {
    broken ??= address;
  };
  let gltf: { scene?: Group; animations: AnimationClip[]; parser: GLTFParser };
  try {
    gltf = await createLoader(renderer, manager).parseAsync(bytes, '');
  } catch (error) {
    throw new RenderFailure(
      broken === null ? `The scene cannot be loaded: ${textOf(error)}.` : await explain(broken),
      true,
    );
  }
  if (broken !== null) throw new RenderFailure(await explain(broken), true);
  if (signal.aborted) throw new RenderFailure('The frame was given up.', false);
  if (!gltf.scene) throw new RenderFailure('The file has no scene in it: export it with one.', true);
  return prepare(renderer, gltf.scene, gltf.animations, gltf.parser);
}

async function download(url: string, onProgress: () => void, signal: AbortSignal): Promise<ArrayBuffer> {
  let response: Response;
  try {
    response = await fetch(url, { signal });
  } catch {
    throw new RenderFailure(
      signal.aborted ? 'The frame was given up.' : 'The host did not hand out the scene file.',
      false,
    );
  }
  if (!response.ok || !response.body)
    throw new RenderFailure((await response.text()) || 'The host did not hand out the scene file.', true);
  const parts: Uint8Array<ArrayBuffer>[] = [];
  try {
    for await (const part of response.body as unknown as AsyncIterable<Uint8Array<ArrayBuffer>>) {
      parts.push(part);
      onProgress();
    }
  } catch {
    throw new RenderFailure(
      signal.aborted ? 'The frame was given up.' : 'The scene file broke off while it was read.',
      false,
    );
  }
  return new Blob(parts).arrayBuffer();
}

/** Asks again for what could not be loaded: the host says why in a sentence. */
async function explain(address: string): Promise<string> {
  if (isInside(address)) return 'An image inside the scene file cannot be decoded: export the scene again.';
  const name = new URL(address, location.href).searchParams.get('uri') ?? address;
  try {
    const response = await fetch(address);
    if (!response.ok) return (await response.text()) || `The scene needs “${name}”, which cannot be read.`;
  } catch {
    // Said below.
  }
  return `“${name}”, which the scene needs, is damaged or of a kind that cannot be read.`;
}

function prepare(renderer: WebGLRenderer, root: Group, clips: AnimationClip[], parser: GLTFParser): LoadedScene {
  const scene = new Scene();
  scene.add(root);
  const nodes = new Map<number, Object3D>();
  for (const [object, reference] of parser.associations) {
    if (reference.nodes !== undefined && 'isObject3D' in object) nodes.set(reference.nodes, object as Object3D);
  }
  const order = new Map<number, number>();
  scene.traverse((object) => {
    order.set(object.id, order.size);
    // Three would keep the bounds of the pose that happens to be drawn first.
    if ('isSkinnedMesh' in object) object.frustumCulled = false;
  });
  const pose = createPose(root, clips);
  const bounds = boundsOver(root, pose);
  const extras = root.userData as Record<string, unknown>;
  scene.background = backgroundOf(extras['framegauge_background']);
  const environment = extras['framegauge_environment'];
  pose.set(0);
  const light = lightScene(
    renderer,
    scene,
    bounds,
    typeof environment === 'number' && environment >= 0 ? environment : null,
  );
  return {
    scene,
    pose,
    bounds,
    order,
    light,
    cameras: namedCameras(parser.json, nodes),
    release: () => release(scene),
  };
}

/** A custom property of three numbers (linear light, as Blender's colours are) or a text like `#20242a`. */
function backgroundOf(value: unknown): Color {
  if (typeof value === 'string' && /^#[0-9a-f]{6}$/i.test(value)) return new Color(value);
  if (
    Array.isArray(value) &&
    value.length >= 3 &&
    value.slice(0, 3).every((part) => typeof part === 'number' && part >= 0)
  )
    return new Color(...(value.slice(0, 3) as [number, number, number]));
  return new Color(BACKGROUND, BACKGROUND, BACKGROUND);
}

function boundsOver(root: Object3D, pose: Pose): Box3 {
  const bounds = new Box3();
  const times =
    pose.seconds > 0 ? Array.from({ length: BOUND_POSES + 1 }, (_, i) => (pose.seconds * i) / BOUND_POSES) : [0];
  for (const time of times) {
    pose.set(time);
    root.traverse((object) => {
      if ('isSkinnedMesh' in object) (object as SkinnedMesh).computeBoundingBox();
    });
    bounds.expandByObject(root);
  }
  return bounds;
}

function release(scene: Scene): void {
  const textures = new Set<Texture>();
  scene.traverse((object) => {
    if (!('geometry' in object)) return;
    const mesh = object as Mesh;
    mesh.geometry.dispose();
    if ('skeleton' in mesh) (mesh as SkinnedMesh).skeleton.dispose();
    for (const material of ([] as Material[]).concat(mesh.material)) {
      for (const value of Object.values(material)) if (value?.isTexture) textures.add(value);
      material.dispose();
    }
  });
  for (const texture of textures) {
    texture.dispose();
    if (texture.image instanceof ImageBitmap) texture.image.close();
  }
  releaseLights(scene);
}
