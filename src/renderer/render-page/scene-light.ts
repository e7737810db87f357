import {
  Box3,
  DirectionalLight,
  PointLight,
  Sphere,
  SpotLight,
  Vector3,
  type DirectionalLightShadow,
  type Light,
  type Material,
  type Mesh,
  type Object3D,
  type Scene,
  type Texture,
} from 'three';
import { LIGHT_UNIT } from './animation-targets';
import { prepareCasters } from './shadow-casters';
import type { LightPeak } from './survey-poses';

/** Maximum number of lights with shadows: each uses one of the sixteen textures available to a material. */
const MAX_SHADOWS = 4;
/** Maximum blur of a shadow's edge, relative to the side of the shadow map. */
const SHADOW_BLUR = 3 / 2048;
/**
 * Lumens per watt of radiant power: the factor of Blender's exporter in its standard mode (KHR_lights_punctual uses
 * lumens and lux, Blender watts).
 */
const LUMENS_PER_WATT = 683;
/**
 * Illuminance from one light, in lux, above which the file must use photometric units: in radiometric units, full white
 * needs 3.
 */
const PHOTOMETRIC_LUX = 100;
/** Strength of the neutral room where the file has its own lights: about that of Blender's grey world. */
const AMBIENT_BESIDE_LIGHTS = 0.15;

type PunctualLight = DirectionalLight | PointLight | SpotLight;

function isPunctual(object: Object3D): object is PunctualLight {
  return object instanceof DirectionalLight || object instanceof PointLight || object instanceof SpotLight;
}

/** Illuminance of a light's surroundings, in lux. @param distance to them, in metres */
function illuminance(light: PunctualLight, intensity: number, distance: number): number {
  return light instanceof DirectionalLight ? intensity : intensity / distance ** 2;
}

/** Whether any material uses environment light. */
export function mirrors(scene: Scene): boolean {
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
   * Fits the shadow maps to the scene and the image; must be called after each change of the pose.
   *
   * @param side the image's longer side in pixels
   */
  aim(side: number): void;
  /** Removes the shadow of the weakest light that has one. @returns false where there is none left */
  dropShadow(): boolean;
  /** Warnings for the user, a sentence each. */
  readonly warnings: readonly string[];
}

/** Side of a shadow map in pixels: more than the image can show is wasted, less shows as steps. */
function shadowSide(pictureSide: number): number {
  return pictureSide <= 640 ? 1024 : pictureSide <= 1920 ? 2048 : 4096;
}

/**
 * Lights a scene with its own lights and their shadows, and with a neutral room around it, at full strength where the
 * file has no lights and faint where it has some (metal needs something to reflect). The scene's custom property
 * `framegauge_environment` (glTF `extras`), a number, sets the room's strength.
 *
 * Lights given in lumens and lux, as exported by Blender, are converted back to watts.
 */
export function lightScene(
  scene: Scene,
  room: Texture | null,
  bounds: Box3,
  peaks: ReadonlyMap<Light, LightPeak>,
  strength: number | null,
): SceneLight {
  const lights: PunctualLight[] = [];
  scene.traverse((object) => {
    if (isPunctual(object)) lights.push(object);
  });
  const sphere = bounds.getBoundingSphere(new Sphere());
  const center = sphere.center;
  const radius = sphere.radius || 1e-3;
  const strongest = lights
    .flatMap((light, order) => {
      const peak = peaks.get(light);
      return peak && peak.intensity > 0 ? [{ light, order, ...peak }] : [];
    })
    .map((member) => ({ ...member, lux: illuminance(member.light, member.intensity, member.nearest) }))
    .sort((a, b) => b.lux - a.lux || a.order - b.order);
  // By where each starts: a lamp in watts may pass close by something.
  if (strongest.some(({ light, intensity, distance }) => illuminance(light, intensity, distance) > PHOTOMETRIC_LUX)) {
    for (const light of lights) {
      light.userData[LIGHT_UNIT] = 1 / LUMENS_PER_WATT;
      light.intensity /= LUMENS_PER_WATT;
    }
  }
  scene.environment = room;
  scene.environmentIntensity = strength ?? (strongest.length === 0 ? 1 : AMBIENT_BESIDE_LIGHTS);

  const shining = strongest.filter(({ shines }) => shines);
  const casters = shining.slice(0, MAX_SHADOWS).map(({ light }) => light);
  for (const light of casters) {
    light.castShadow = true;
    if (light instanceof DirectionalLight) aimFrom(center, light.shadow);
  }
  const without = shining.length - casters.length;
  const updateCasters = casters.length > 0 ? prepareCasters(scene) : null;

  let dropped = 0;
  const corners = Array.from({ length: 8 }, () => new Vector3());
  function aimSun(light: DirectionalLight): void {
    const { camera } = light.shadow;
    light.shadow.updateMatrices(light);
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
    const toCenter = light.getWorldPosition(new Vector3()).distanceTo(center);
    // A lamp in the middle lights what is around it, not its own position.
    const distance = Math.max(toCenter, radius / 2);
    camera.far = toCenter + radius * 1.01;
    camera.near = Math.max(toCenter - radius * 1.01, camera.far * 0.002);
    camera.updateProjectionMatrix();
    const opening = light instanceof SpotLight ? 2 * Math.tan(Math.min(light.angle, 1.5)) : 2;
    const texel = (opening * distance) / light.shadow.mapSize.x;
    light.shadow.normalBias = (light.shadow.radius + 0.5) * texel;
    // Depth precision is not uniform: computes what a texel's size means at the scene's distance.
    light.shadow.bias =
      light instanceof SpotLight
        ? (-texel * camera.far * camera.near) / (distance ** 2 * (camera.far - camera.near))
        : -texel / camera.far;
  }
  return {
    get warnings() {
      return [
        ...(without === 0
          ? []
          : [
              `${without} of ${shining.length} lights ${without === 1 ? 'throws' : 'throw'} no shadow: at most four do.`,
            ]),
        ...(dropped === 0
          ? []
          : [
              `This machine’s graphics take too few images at once for the textures of a material and all shadows: ${dropped} of ${dropped + casters.length} lights throw none.`,
            ]),
      ];
    },
    dropShadow() {
      const light = casters.pop();
      if (!light) return false;
      light.castShadow = false;
      light.shadow.dispose();
      dropped += 1;
      return true;
    },
    aim(pictureSide) {
      updateCasters?.();
      for (const light of casters) {
        // A point light has six shadow maps.
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

/**
 * Lets a sun's shadow be drawn from a place near the scene: the sun shines alike wherever it is. Graphics know where
 * something is in seven digits, and from far away its shadow would be metres beside what throws it.
 */
function aimFrom(place: Vector3, shadow: DirectionalLightShadow): void {
  const updateMatrices = shadow.updateMatrices.bind(shadow);
  const near = new DirectionalLight();
  shadow.updateMatrices = (sun) => {
    const { target, matrixWorld } = sun as DirectionalLight;
    const direction = new Vector3().setFromMatrixPosition(target.matrixWorld);
    direction.sub(new Vector3().setFromMatrixPosition(matrixWorld));
    near.matrixWorld.setPosition(place);
    near.target.matrixWorld.setPosition(direction.add(place));
    updateMatrices(near);
  };
}

export function releaseLights(scene: Scene): void {
  scene.traverse((object) => {
    if ('isLight' in object) (object as Light).dispose();
  });
}
