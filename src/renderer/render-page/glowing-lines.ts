import { Color, type LineBasicMaterial, type MeshStandardMaterial, type PointsMaterial } from 'three';

/**
 * Lets lines or points glow: without normals they show the sum of base colour and emission (glTF 2.0, section 3.9.6), and
 * three.js makes them materials that have none. Properties have the names of surfaces' materials, for animations.
 *
 * @param surface the document's material, of which the other was made
 */
export function addEmission(material: LineBasicMaterial | PointsMaterial, surface: MeshStandardMaterial): void {
  if ('emissive' in material || !('emissive' in surface) || surface.emissiveMap) return;
  const glowing = Object.assign(material, {
    emissive: new Color().copy(surface.emissive),
    emissiveIntensity: surface.emissiveIntensity,
  });
  material.onBeforeCompile = (shader) => {
    shader.uniforms['emissive'] = { value: glowing.emissive };
    shader.uniforms['emissiveIntensity'] = {
      get value() {
        return glowing.emissiveIntensity;
      },
    };
    shader.fragmentShader = `uniform vec3 emissive;\nuniform float emissiveIntensity;\n${shader.fragmentShader.replace(
      '#include <color_fragment>',
      '#include <color_fragment>\ndiffuseColor.rgb += emissive * emissiveIntensity;',
    )}`;
  };
}
