import { Box3, OrthographicCamera, PerspectiveCamera, Sphere, Vector3, type Object3D } from 'three';
import type { GltfCamera } from '../../shared/gltf-cameras';
import { quoted, RenderFailure } from './render-failure';

export type SceneCamera = PerspectiveCamera | OrthographicCamera;

/** Position of Blender's default camera, as a direction from the scene's centre (glTF: y up, front towards +z). */
const THREE_QUARTER = new Vector3(0.7359, 0.4958, 0.6926).normalize();
/** Vertical field of view of a 50 mm lens on Blender's 36 mm sensor at 16:9, in degrees. */
const FITTING_FOV = 22.9;

function cameraBelow(object: Object3D): SceneCamera | null {
  if (object instanceof PerspectiveCamera || object instanceof OrthographicCamera) return object;
  for (const child of object.children) {
    if (child instanceof PerspectiveCamera || child instanceof OrthographicCamera) return child;
  }
  return null;
}

/**
 * The cameras of a loaded scene, under the names that the host shows.
 *
 * @param nodes the loaded object of each node index
 */
export function namedCameras(
  listed: readonly GltfCamera[],
  nodes: ReadonlyMap<number, Object3D>,
): Map<string, SceneCamera> {
  const cameras = new Map<string, SceneCamera>();
  for (const { name, node } of listed) {
    const object = nodes.get(node);
    const camera = object && cameraBelow(object);
    if (camera) cameras.set(name, camera);
  }
  return cameras;
}

/** @throws RenderFailure when the scene has no camera of that name */
export function chooseCamera(
  cameras: ReadonlyMap<string, SceneCamera>,
  name: string | null,
  fitting: () => SceneCamera,
): SceneCamera {
  if (name === null) return cameras.values().next().value ?? fitting();
  const camera = cameras.get(name);
  if (!camera) {
    const known = [...cameras.keys()].slice(0, 20).map(quoted).join(', ');
    const more = cameras.size > 20 ? ` and ${cameras.size - 20} more` : '';
    throw new RenderFailure(`The scene has no camera ${quoted(name)}; it has ${known || 'none'}${more}.`, true);
  }
  return camera;
}

/**
 * Least volume that a camera's axes span, relative to that of a box with sides of their lengths: below something flat,
 * they lie in its plane.
 */
const MIN_VOLUME = 1e-4;

/**
 * @throws RenderFailure, final, where a camera is scaled to zero or has no finite position: its image would be empty, or
 *   distorted
 */
export function checkCamera(camera: SceneCamera): void {
  camera.updateWorldMatrix(true, false);
  const { matrixWorld, matrixWorldInverse } = camera;
  const lengths = [0, 1, 2].map((column) => new Vector3().setFromMatrixColumn(matrixWorld, column).length());
  const volume = Math.abs(matrixWorld.determinant()) / (lengths[0]! * lengths[1]! * lengths[2]!);
  if (!matrixWorldInverse.elements.every(Number.isFinite) || !(volume > MIN_VOLUME)) {
    throw new RenderFailure(
      'The camera has no place to look from: one of the objects that it hangs on is scaled to nothing.',
      true,
    );
  }
}

/** Creates a camera that shows all of a box, from the front, the right and above, at any aspect ratio. */
export function fittingCamera(bounds: Box3, aspect: number): PerspectiveCamera {
  const sphere = bounds.isEmpty() ? new Sphere(new Vector3(), 1) : bounds.getBoundingSphere(new Sphere());
  // A single point has none.
  const radius = sphere.radius || 1e-3;
  const half = (FITTING_FOV * Math.PI) / 360;
  const distance = radius / Math.sin(Math.min(half, Math.atan(Math.tan(half) * aspect)));
  const camera = new PerspectiveCamera(
    FITTING_FOV,
    aspect,
    Math.max(distance - radius * 1.1, distance * 0.001),
    distance + radius * 1.1,
  );
  camera.position.copy(sphere.center).addScaledVector(THREE_QUARTER, distance);
  camera.lookAt(sphere.center);
  camera.updateMatrixWorld();
  return camera;
}

/**
 * Sets a camera's aspect ratio to the image's: the height is that of the file, the width follows (glTF 2.0, section
 * 3.10.3).
 */
export function fitAspect(camera: SceneCamera, aspect: number): void {
  if (camera instanceof PerspectiveCamera) camera.aspect = aspect;
  else {
    const middle = (camera.left + camera.right) / 2;
    const half = ((camera.top - camera.bottom) / 2) * aspect;
    camera.left = middle - half;
    camera.right = middle + half;
  }
  camera.updateProjectionMatrix();
}
