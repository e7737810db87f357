import { Box3, OrthographicCamera, PerspectiveCamera, Sphere, Vector3, type Object3D } from 'three';
import { camerasOf, type GltfCameraSource } from '../../shared/gltf-cameras';
import { RenderFailure } from './render-failure';

export type SceneCamera = PerspectiveCamera | OrthographicCamera;

/** Where Blender's first camera stands, as a direction from the scene's middle (glTF: y up, the front towards +z). */
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
 * The cameras of a loaded scene by the names that the host tells people.
 *
 * @param nodes the loaded object of each node index
 */
export function namedCameras(gltf: GltfCameraSource, nodes: ReadonlyMap<number, Object3D>): Map<string, SceneCamera> {
  const cameras = new Map<string, SceneCamera>();
  for (const { name, node } of camerasOf(gltf)) {
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
    const known = [...cameras.keys()].map((key) => `“${key}”`).join(', ');
    throw new RenderFailure(`The scene has no camera “${name}”; it has ${known || 'none'}.`, true);
  }
  return camera;
}

/** A camera that sees the whole of a box, from the front, the right and above, whatever the image's proportions. */
export function fittingCamera(bounds: Box3, aspect: number): PerspectiveCamera {
  const sphere = bounds.isEmpty() ? new Sphere(new Vector3(), 1) : bounds.getBoundingSphere(new Sphere());
  const radius = Math.max(sphere.radius, 1e-3);
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

/** Gives a camera the image's proportions: its height stays as the file says, its width follows (glTF 2.0, section 3.10.3). */
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
