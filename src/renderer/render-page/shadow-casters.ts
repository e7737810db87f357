import {
  Color,
  DoubleSide,
  MeshDepthMaterial,
  MeshDistanceMaterial,
  type Material,
  type Mesh,
  type MeshPhysicalMaterial,
  type Object3D,
  type WebGLProgramParametersWithUniforms,
} from 'three';
import { MASKED } from './animation-targets';

type Surface = MeshPhysicalMaterial;

/** Alpha below which a surface throws no shadow: a shadow is there or not, and half is the nearest to either. */
function cutoff(surface: Surface): number {
  return surface.transparent ? 0.5 : surface.alphaTest;
}

/** Whether the alpha of its image and its vertices counts (glTF 2.0, section 3.9.4). */
function usesAlpha(surface: Surface): boolean {
  return surface.transparent || surface.userData[MASKED] === true;
}

/** Share of the light that glass lets pass where neither an image nor vertices say more, which can only lessen it. */
function transmitted(surface: Surface): Color {
  return new Color(surface.color).multiplyScalar(surface.transmission ?? 0);
}

/** Whether more than half of the light may pass. */
function isGlass(surface: Surface): boolean {
  return Math.max(...transmitted(surface).toArray()) > 0.5;
}

/** Whether an image or vertices tell the places of a surface apart. */
function varies({ map, transmissionMap, vertexColors }: Surface): boolean {
  return Boolean(map || transmissionMap || vertexColors);
}

function castsShadow(surface: Surface): boolean {
  return surface.opacity >= cutoff(surface) && (varies(surface) || !isGlass(surface));
}

/**
 * Lets the meshes of a scene throw and receive shadows: surfaces that more than half of the light passes throw none, and
 * those of which it passes a part by their images or vertices throw one with holes.
 *
 * @returns a function to call after each change of the pose, which may change materials
 */
export function prepareCasters(scene: Object3D): () => void {
  const meshes: Mesh[] = [];
  const cut = new Map<Surface, Pick<Mesh, 'customDepthMaterial' | 'customDistanceMaterial'>>();
  scene.traverse((object) => {
    if (!('isMesh' in object)) return;
    const mesh = object as Mesh;
    meshes.push(mesh);
    mesh.receiveShadow = true;
    // Of single-sided ones, three.js draws the backs only: an open surface that faces the light would throw none.
    for (const surface of ([] as Material[]).concat(mesh.material)) surface.shadowSide = DoubleSide;
  });
  return () => {
    for (const mesh of meshes) {
      const surface = mesh.material as Surface;
      mesh.castShadow = castsShadow(surface);
      if (!mesh.castShadow || !varies(surface) || !(usesAlpha(surface) || isGlass(surface))) continue;
      if (!cut.has(surface))
        cut.set(surface, {
          customDepthMaterial: cutBy(surface, new MeshDepthMaterial()),
          customDistanceMaterial: cutBy(surface, new MeshDistanceMaterial()),
        });
      Object.assign(mesh, cut.get(surface));
    }
  };
}

/** Changes to three.js's shaders for shadows, which know no vertices' colours and no glass, by what they follow. */
const VERTEX = {
  '#include <common>': '#include <color_pars_vertex>',
  '#include <morphinstance_vertex>': '#include <color_vertex>\n#include <morphcolor_vertex>',
} as const;
const FRAGMENT = {
  '#include <common>': 'uniform vec3 transmitted;\n#include <color_pars_fragment>',
  '#include <map_fragment>': /* glsl */ `
#include <color_fragment>
vec3 passing = transmitted * diffuseColor.rgb;
#ifdef USE_ALPHAMAP
	passing *= texture2D( alphaMap, vAlphaMapUv ).r;
#endif
if ( max( passing.r, max( passing.g, passing.b ) ) > 0.5 ) discard;`,
} as const;

function extended(shader: string, changes: Readonly<Record<string, string>>): string {
  return Object.entries(changes).reduce((text, [place, more]) => {
    if (!text.includes(place)) throw new Error(`three.js’s shader for shadows has no ${place}`);
    return text.replace(place, `${place}\n${more}`);
  }, shader);
}

/** A property that follows from the surface; three.js sets it for each shadow. */
const following = <Value>(get: () => Value): PropertyDescriptor => ({
  get,
  set() {
    // It stays as it follows.
  },
});

/**
 * Cuts a shadow where the surface's alpha is below the cutoff, and where more than half of the light passes. three.js
 * takes the cutoff from the surface, where a blended one has none, and leaves the surface's own alpha out: the image's
 * and the vertices' are cut where all together reach the cutoff. The image of the transmission takes the place of the
 * alpha's, which glTF does not have.
 */
function cutBy<Shadow extends MeshDepthMaterial | MeshDistanceMaterial>(surface: Surface, shadow: Shadow): Shadow {
  Object.defineProperties(shadow, {
    alphaTest: following(() =>
      usesAlpha(surface) ? Math.max(cutoff(surface) / Math.max(surface.opacity, 1e-6), 1e-6) : 0,
    ),
    alphaMap: following(() => surface.transmissionMap ?? null),
  });
  shadow.vertexColors = surface.vertexColors;
  shadow.onBeforeCompile = (shader: WebGLProgramParametersWithUniforms) => {
    shader.uniforms['transmitted'] = {
      get value() {
        return transmitted(surface);
      },
    };
    shader.vertexShader = extended(shader.vertexShader, VERTEX);
    shader.fragmentShader = extended(shader.fragmentShader, FRAGMENT)
      // Of transmission, not of alpha.
      .replace('#include <alphamap_fragment>', '');
  };
  surface.addEventListener('dispose', () => shadow.dispose());
  return shadow;
}
