import { MOUSE, OrthographicCamera, PerspectiveCamera, Quaternion, Vector3 } from 'three';
import { OrbitControls } from 'three/examples/jsm/controls/OrbitControls.js';
import type { Orbit, ViewCamera } from './view-messages';

/** Turns the view by mouse, touch and keys, without the scene knowing. */
export interface Controls {
  /** Begins anew at the scene's camera. */
  startAt(camera: ViewCamera, aspect: number): void;
  dispose(): void;
}

/**
 * Left or middle button turns, right moves, the wheel comes closer; of the keys, arrows move and Shift with arrows
 * turns.
 *
 * @param element takes the events, and the focus for keys
 */
export function createControls(element: HTMLElement, onOrbit: (orbit: Orbit) => void): Controls {
  let controls: OrbitControls | null = null;
  return {
    startAt({ position, quaternion, fov, zoom, height, center, radius }, aspect) {
      controls?.dispose();
      const half = height / 2;
      const camera =
        fov === null
          ? new OrthographicCamera(-half * aspect, half * aspect, half, -half)
          : new PerspectiveCamera(fov, aspect);
      camera.zoom = zoom;
      camera.updateProjectionMatrix();
      controls = new OrbitControls(camera);
      // Not before: it turns the camera to the origin at first.
      camera.position.set(...position);
      camera.quaternion.copy(new Quaternion(...quaternion));
      // Round a point straight ahead, as far away as the middle of the scene.
      const ahead = new Vector3(0, 0, -1).applyQuaternion(camera.quaternion);
      const distance = new Vector3(...center).sub(camera.position).dot(ahead);
      controls.target.copy(camera.position).addScaledVector(ahead, Math.max(distance, radius * 0.1));
      controls.mouseButtons = { LEFT: MOUSE.ROTATE, MIDDLE: MOUSE.ROTATE, RIGHT: MOUSE.PAN };
      controls.zoomToCursor = true;
      controls.connect(element);
      controls.listenToKeyEvents(element);
      controls.addEventListener('change', () => {
        onOrbit({
          position: camera.position.toArray(),
          quaternion: camera.quaternion.toArray() as [number, number, number, number],
          zoom: camera.zoom,
        });
      });
    },
    dispose: () => controls?.dispose(),
  };
}
