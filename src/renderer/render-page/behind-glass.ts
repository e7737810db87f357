import type { Object3D, WebGLRenderer, WebGLRenderTarget } from 'three';

/** An object to draw, and how far in front of the camera it is. */
interface Drawing {
  readonly z: number;
}

/** Members of the renderer that its public types omit. */
interface InnerRenderer {
  readonly renderLists: {
    get(scene: Object3D, depth: number): { opaque: Drawing[]; transmissive: Drawing[]; transparent: Drawing[] };
  };
}

/**
 * Shows blended surfaces through glass. three.js draws what is seen through it to an image of its own, of opaque surfaces
 * only, and later nothing that is behind it: blended ones would be missing there. Those that are behind all
 * glass are drawn to that image, too; others are drawn as usual, since they would be blended twice where they are before
 * one glass and behind another. Written for the version in package.json.
 *
 * @param sceneOf the scene that is being drawn
 */
export function showBlendedBehindGlass(renderer: WebGLRenderer, sceneOf: () => Object3D | null): void {
  const { renderLists } = renderer as unknown as InnerRenderer;
  const setRenderTarget = renderer.setRenderTarget.bind(renderer);
  let added: { opaque: Drawing[]; count: number } | null = null;
  renderer.setRenderTarget = (target: WebGLRenderTarget | null, ...more) => {
    if (added) added.opaque.length -= added.count;
    added = null;
    const scene = sceneOf();
    // Of all images that are drawn for a scene, only that one has smaller ones.
    if (scene && target?.texture.generateMipmaps) {
      const { opaque, transmissive, transparent } = renderLists.get(scene, 0);
      const glass = transmissive.reduce((farthest, { z }) => Math.max(farthest, z), -Infinity);
      const behind = transmissive.length === 0 ? [] : transparent.filter(({ z }) => z > glass);
      opaque.push(...behind);
      added = { opaque, count: behind.length };
    }
    setRenderTarget(target, ...more);
  };
}
