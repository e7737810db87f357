import { type Box3, OrthographicCamera, PerspectiveCamera, Sphere, Vector3 } from 'three';
import type { SceneCamera } from '../render-page/scene-camera';
import type { Orbit } from './view-messages';

/**
 * A camera like the scene's own at another place. The scene's own stays as it is. The same camera is used again: three.js
 * keeps a render target for each that looks through glass.
 */
export function createOrbitCamera(): (own: SceneCamera, orbit: Orbit, bounds: Box3) => SceneCamera {
  let kept: { readonly of: SceneCamera; readonly camera: SceneCamera } | null = null;
  return (own, { position, quaternion, zoom }, bounds) => {
    if (kept?.of !== own) kept = { of: own, camera: sameLens(own) };
    const { camera } = kept;
    // The lens may be animated.
    if (camera instanceof PerspectiveCamera && own instanceof PerspectiveCamera) camera.fov = own.fov;
    camera.position.set(...position);
    camera.quaternion.set(...quaternion);
    camera.scale.set(1, 1, 1);
    camera.zoom = zoom;
    // Whatever was in sight stays in sight from further away.
    const sphere = bounds.getBoundingSphere(new Sphere());
    const distance = sphere.center.distanceTo(new Vector3(...position));
    camera.far = Math.max(own.far, distance + sphere.radius * 1.1);
    camera.near = Math.min(own.near, Math.max(distance - sphere.radius * 1.1, camera.far * 1e-4));
    camera.updateMatrixWorld();
    camera.updateProjectionMatrix();
    return camera;
  };
}

/** Without what hangs on the camera in the scene. */
function sameLens(own: SceneCamera): SceneCamera {
  return own instanceof PerspectiveCamera
    ? new PerspectiveCamera().copy(own, false)
    : new OrthographicCamera().copy(own, false);
}
