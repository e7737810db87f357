import { MeshDepthMaterial, MeshDistanceMaterial, type Mesh, type MeshPhysicalMaterial, type Object3D } from 'three';
import { MASKED } from './animation-targets';

type Surface = MeshPhysicalMaterial;

/** Alpha below which a surface throws no shadow: a shadow is there or not, and half is the nearest to either. */
function cutoff(surface: Surface): number {
  return surface.transparent ? 0.5 : surface.alphaTest;
}

function castsShadow(surface: Surface): boolean {
  return surface.opacity >= cutoff(surface) && !(surface.transmission > 0.5);
}

/**
 * Lets the meshes of a scene throw and receive shadows: surfaces that more than half of the light passes throw none, and
 * those with holes in their image throw one with holes.
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
    const surface = mesh.material as Surface;
    if (!surface.map || !(surface.transparent || surface.userData[MASKED])) return;
    if (!cut.has(surface))
      cut.set(surface, {
        customDepthMaterial: cutBy(surface, new MeshDepthMaterial()),
        customDistanceMaterial: cutBy(surface, new MeshDistanceMaterial()),
      });
    Object.assign(mesh, cut.get(surface));
  });
  return () => {
    for (const mesh of meshes) mesh.castShadow = castsShadow(mesh.material as Surface);
  };
}

/**
 * three.js takes the cutoff from the surface for each shadow, where a blended one has none, and leaves the surface's own
 * alpha out: the image's is cut where both together reach the cutoff.
 */
function cutBy<Shadow extends MeshDepthMaterial | MeshDistanceMaterial>(surface: Surface, shadow: Shadow): Shadow {
  Object.defineProperty(shadow, 'alphaTest', {
    get: () => Math.max(cutoff(surface) / Math.max(surface.opacity, 1e-6), 1e-6),
    set() {
      // It follows from the surface.
    },
  });
  surface.addEventListener('dispose', () => shadow.dispose());
  return shadow;
}
