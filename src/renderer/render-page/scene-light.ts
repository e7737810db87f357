import {
  Box3,
  DirectionalLight,
  PMREMGenerator,
  PointLight,
  Sphere,
  SpotLight,
  Vector3,
  type Light,
  type Material,
  type Mesh,
  type Object3D,
  type Scene,
  type Texture,
  type WebGLRenderer,
} from 'three';
import { RoomEnvironment } from 'three/examples/jsm/environments/RoomEnvironment.js';

/** Of how many lights shadows are drawn: each takes one of the sixteen images that a material may use. */
const MAX_SHADOWS = 4;
/** The widest blur of a shadow's edge, as a share of the shadow image's side. */
const SHADOW_BLUR = 3 / 2048;
/**
 * Lumens per watt of radiant power, by which Blender's exporter multiplies in its standard mode
 * (KHR_lights_punctual counts in lumens and lux, Blender in watts).
 */
const LUMENS_PER_WATT = 683;
/** Lux on the scene from one light above which the file must be in photometric units: full white needs 3 where they are radiometric. */
const PHOTOMETRIC_LUX = 100;
/** How strongly the neutral room shines where the file has lights of its own: about as Blender's grey world does. */
const AMBIENT_BESIDE_LIGHTS = 0.15;

let room: Texture | null = null;

function neutralRoom(renderer: WebGLRenderer): Texture {
  if (room) return room;
  const generator = new PMREMGenerator(renderer);
  room = generator.fromScene(new RoomEnvironment(), 0.04).texture;
  generator.dispose();
  return room;
}

type PunctualLight = DirectionalLight | PointLight | SpotLight;

function isPunctual(object: Object3D): object is PunctualLight {
  return object instanceof DirectionalLight || object instanceof PointLight || object instanceof SpotLight;
}

/** Lux that a light throws on a place. */
function illuminance(light: PunctualLight, place: Vector3): number {
  if (light instanceof DirectionalLight) return light.intensity;
  const distance = light.getWorldPosition(new Vector3()).distanceTo(place);
  return light.intensity / Math.max(distance, 0.01) ** 2;
}

/** Whether anything in the scene takes light from around; making the room takes seconds without a graphics card. */
function mirrors(scene: Scene): boolean {
  let found = false;
  scene.traverse((object) => {
    if ('material' in object)
      found ||= ([] as Material[])
        .concat((object as Mesh).material)
        .some((material) => 'isMeshStandardMaterial' in material);
  });
  return found;
}

export interface SceneLight {
  /**
   * Fits the shadow images to the scene and to the picture; to be called after each change of the pose.
   *
   * @param side the picture's longer side in pixels
   */
  aim(side: number): void;
}

/** Pixels a side of a shadow image: more than the picture shows would be lost, fewer would be seen as steps. */
function shadowSide(pictureSide: number): number {
  return pictureSide <= 640 ? 1024 : pictureSide <= 1920 ? 2048 : 4096;
}

/**
 * Lights a scene: its own lights with their shadows, and a neutral room around it, full where the file has no lights and faint where it has
 * (metal needs something to mirror). A number called `framegauge_environment` among the scene's custom properties (glTF `extras`) sets the room's strength.
 *
 * Files whose lights are given in lumens and lux, as Blender exports them, are brought back to watts.
 */
export function lightScene(renderer: WebGLRenderer, scene: Scene, bounds: Box3, strength: number | null): SceneLight {
  const lights: PunctualLight[] = [];
  scene.traverse((object) => {
    if (isPunctual(object) && object.intensity > 0) lights.push(object);
  });
  const sphere = bounds.getBoundingSphere(new Sphere());
  const center = sphere.center;
  const radius = Math.max(sphere.radius, 1e-3);
  scene.updateMatrixWorld(true);
  if (lights.some((light) => illuminance(light, center) > PHOTOMETRIC_LUX)) {
    for (const light of lights) light.intensity /= LUMENS_PER_WATT;
  }
  if (mirrors(scene)) scene.environment = neutralRoom(renderer);
  scene.environmentIntensity = strength ?? (lights.length === 0 ? 1 : AMBIENT_BESIDE_LIGHTS);

  const strongest = lights
    .map((light, order) => ({ light, order, lux: illuminance(light, center) }))
    .sort((a, b) => b.lux - a.lux || a.order - b.order);
  const casters = strongest.slice(0, MAX_SHADOWS).map(({ light }) => light);
  for (const light of casters) light.castShadow = true;
  if (casters.length > 0) {
    scene.traverse((object) => {
      if ('isMesh' in object) {
        object.castShadow = true;
        object.receiveShadow = true;
      }
    });
  }

  const corners = Array.from({ length: 8 }, () => new Vector3());
  function aimSun(light: DirectionalLight): void {
    const { camera } = light.shadow;
    // As three aims it: from the light's place towards its target.
    camera.position.setFromMatrixPosition(light.matrixWorld);
    camera.lookAt(new Vector3().setFromMatrixPosition(light.target.matrixWorld));
    camera.updateMatrixWorld();
    const { min, max } = bounds;
    corners.forEach((corner, i) =>
      corner
        .set(i & 1 ? max.x : min.x, i & 2 ? max.y : min.y, i & 4 ? max.z : min.z)
        .applyMatrix4(camera.matrixWorldInverse),
    );
    const seen = new Box3().setFromPoints(corners);
    const margin = radius * 0.01;
    camera.left = seen.min.x - margin;
    camera.right = seen.max.x + margin;
    camera.bottom = seen.min.y - margin;
    camera.top = seen.max.y + margin;
    camera.near = -seen.max.z - margin;
    camera.far = -seen.min.z + margin;
    camera.updateProjectionMatrix();
    const texel = Math.max(camera.right - camera.left, camera.top - camera.bottom) / light.shadow.mapSize.x;
    light.shadow.normalBias = (light.shadow.radius + 0.5) * texel;
    light.shadow.bias = -texel / (camera.far - camera.near);
  }
  function aimLamp(light: PointLight | SpotLight): void {
    const { camera } = light.shadow;
    const distance = light.getWorldPosition(new Vector3()).distanceTo(center);
    camera.far = distance + radius * 1.01;
    camera.near = Math.max(distance - radius * 1.01, camera.far * 0.002);
    camera.updateProjectionMatrix();
    const opening = light instanceof SpotLight ? 2 * Math.tan(Math.min(light.angle, 1.5)) : 2;
    const texel = (opening * distance) / light.shadow.mapSize.x;
    light.shadow.normalBias = (light.shadow.radius + 0.5) * texel;
    // Depth is not spread evenly: what a texel's length is worth where the scene is.
    light.shadow.bias =
      light instanceof SpotLight
        ? (-texel * camera.far * camera.near) / (distance ** 2 * (camera.far - camera.near))
        : -texel / camera.far;
  }
  return {
    aim(pictureSide) {
      for (const light of casters) {
        // A point light has six images.
        const side = shadowSide(pictureSide) / (light instanceof PointLight ? 2 : 1);
        if (light.shadow.mapSize.x !== side) {
          light.shadow.mapSize.set(side, side);
          light.shadow.map?.dispose();
          light.shadow.map = null;
        }
        light.shadow.radius = SHADOW_BLUR * side;
        if (light instanceof DirectionalLight) aimSun(light);
        else aimLamp(light);
      }
    },
  };
}

export function releaseLights(scene: Scene): void {
  scene.traverse((object) => {
    if ('isLight' in object) (object as Light).dispose();
  });
}
