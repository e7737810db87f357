import {
  type Box3,
  Color,
  Scene,
  Sphere,
  type BufferAttribute,
  type Group,
  type Material,
  type Mesh,
  type SkinnedMesh,
  type Texture,
  type WebGLRenderer,
} from 'three';
import { adaptParser } from './adapt-parser';
import { loadChannels } from './animation-channels';
import type { SceneParts } from './animation-targets';
import { createLoader } from './decoders';
import { readContainer } from './gltf-container';
import { createPose, type Pose } from './pose';
import { prepareDocument, type PreparedDocument, type SceneChoice } from './prepare-document';
import { neutralRoom } from './neutral-room';
import { failureOf, quoted, RenderFailure } from './render-failure';
import { namedCameras, type SceneCamera } from './scene-camera';
import { lightScene, mirrors, releaseLights, type SceneLight } from './scene-light';
import { surveyPoses } from './survey-poses';

/** A scene ready to render. */
export interface LoadedScene {
  readonly scene: Scene;
  readonly pose: Pose;
  readonly cameras: ReadonlyMap<string, SceneCamera>;
  readonly light: SceneLight;
  /** Colour of pixels that nothing covers. */
  readonly background: Color;
  /** The scene itself requests a transparent background. */
  readonly transparent: boolean;
  /** Warnings about its images for the user, a sentence each. */
  readonly warnings: ReadonlySet<string>;
  /** Bounds of everything visible, over the whole animation. */
  readonly bounds: Box3;
  /** Position of each object in the file, by its id: keeps the draw order independent of the order of loading. */
  readonly order: ReadonlyMap<number, number>;
  /** Releases its memory. */
  release(): void;
}

/** Default linear background: Blender's grey world. */
const BACKGROUND = 0.05;

/**
 * Loads a .glb or .gltf with all its resources. Anything missing or broken is a failure: an image without its textures,
 * discovered the next morning, helps nobody.
 *
 * @param url where the host serves the scene file; `url?uri=…` serves a file that the scene refers to
 * @param onProgress called whenever another part of the scene has arrived, or another pose was looked at
 * @throws RenderFailure, final unless the host could not be reached
 */
export async function loadScene(
  renderer: WebGLRenderer,
  url: string,
  choice: SceneChoice,
  onProgress: () => void,
  signal: AbortSignal,
): Promise<LoadedScene> {
  try {
    const { json, bin } = readContainer(
      await download(url, 'The host did not hand out the scene file.', onProgress, signal),
    );
    const document = prepareDocument(json, choice);
    const warnings = new Set<string>();
    const load = async (uri: string): Promise<Uint8Array<ArrayBuffer>> => {
      if (/^data:/i.test(uri)) return readDataUri(uri);
      return new Uint8Array(
        await download(
          `${url}?uri=${encodeURIComponent(uri)}`,
          `The host did not hand out ${quoted(uri)}.`,
          onProgress,
          signal,
        ),
      );
    };
    const { loader, ktx2 } = createLoader(renderer);
    let parts: () => Promise<SceneParts>;
    loader.register((parser) => {
      const adapted = adaptParser(parser, {
        bin,
        load,
        ktx2,
        weights: document.weights,
        warn: (sentence) => warnings.add(sentence),
      });
      parts = adapted.parts;
      return adapted.plugin;
    });
    // The loader also accepts the parsed document, which its types omit.
    const gltf = await loader.parseAsync(document.json as unknown as ArrayBuffer, '');
    const sceneParts = await parts!();
    const channels = await loadChannels(
      document.animations,
      sceneParts,
      (index) => gltf.parser.getDependency('accessor', index) as Promise<BufferAttribute>,
      (pointer) =>
        warnings.add(
          `What ${quoted(pointer)} points to is animated in the file, but cannot be animated here: it stands still.`,
        ),
    );
    return await prepare(renderer, gltf.scene, createPose(gltf.scene, channels), sceneParts, document, warnings, () => {
      if (signal.aborted) throw new RenderFailure('The frame was given up.', false);
      onProgress();
    });
  } catch (error) {
    throw failureOf(error, 'The scene cannot be loaded', true);
  }
}

/** Base64 or percent-encoded; fetch decodes both. @throws RenderFailure, final */
async function readDataUri(uri: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return new Uint8Array(await (await fetch(uri)).arrayBuffer());
  } catch {
    throw new RenderFailure('The scene file is damaged: data inside it are not in base64. Export it again.', true);
  }
}

/** @param refusal the message where the host gives no reason of its own */
async function download(
  url: string,
  refusal: string,
  onProgress: () => void,
  signal: AbortSignal,
): Promise<ArrayBuffer> {
  let response: Response;
  try {
    response = await fetch(url, { signal });
  } catch {
    throw new RenderFailure(signal.aborted ? 'The frame was given up.' : refusal, false);
  }
  if (!response.ok || !response.body) throw new RenderFailure((await response.text()) || refusal, true);
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

async function prepare(
  renderer: WebGLRenderer,
  root: Group,
  pose: Pose,
  parts: SceneParts,
  document: PreparedDocument,
  warnings: Set<string>,
  onPose: () => void,
): Promise<LoadedScene> {
  const scene = new Scene();
  scene.add(root);
  const order = new Map<number, number>();
  scene.traverse((object) => {
    order.set(object.id, order.size);
    // three.js would keep the bounds of the first pose drawn, and does not add up several morph targets.
    if ('isSkinnedMesh' in object || (object as Mesh).morphTargetInfluences) object.frustumCulled = false;
  });
  const { bounds, lights } = await surveyPoses(root, pose, parts, onPose);
  const environment = document.extras['framegauge_environment'];
  const background = document.extras['framegauge_background'];
  moveNear(root, bounds);
  pose.set(0);
  const light = lightScene(
    scene,
    mirrors(scene) ? await neutralRoom(renderer) : null,
    bounds,
    lights,
    typeof environment === 'number' && environment >= 0 ? environment : null,
  );
  return {
    scene,
    pose,
    bounds,
    order,
    light,
    warnings,
    background: backgroundOf(background),
    transparent: background === 'transparent',
    cameras: namedCameras(document.cameras, parts.nodes),
    release: () => release(scene),
  };
}

/** Distance from the origin, in radii of a scene, from which on it is moved. */
const FAR = 1_000;

/**
 * Moves a scene that is far from the origin there, with its cameras and lights. Graphics know where something is in
 * seven digits: shadows of a scene in the coordinates of a country would be metres beside it.
 */
function moveNear(root: Group, bounds: Box3): void {
  const { center, radius } = bounds.getBoundingSphere(new Sphere());
  if (bounds.isEmpty() || center.length() < FAR * radius) return;
  root.position.sub(center);
  bounds.translate(center.negate());
}

/** A custom property: three numbers (linear, like Blender's colours) or a text like `#20242a`. */
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
