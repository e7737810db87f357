import { Color, type LineBasicMaterial, type MeshStandardMaterial, type PointsMaterial, type Texture } from 'three';

/**
 * Lets lines or points glow: without normals they show the sum of base colour and emission (glTF 2.0, section 3.9.6), and
 * three.js makes them materials that have none. Properties have the names of surfaces' materials, for animations.
 *
 * @param surface the document's material, of which the other was made
 */
export function addEmission(material: LineBasicMaterial | PointsMaterial, surface: MeshStandardMaterial): void {
  if ('emissive' in material || !('emissive' in surface)) return;
  const glowing = Object.assign(material, {
    emissive: new Color().copy(surface.emissive),
    emissiveIntensity: surface.emissiveIntensity,
    emissiveMap: surface.emissiveMap,
  });
  const map = glowing.emissiveMap;
  material.customProgramCacheKey = () => `glow ${map ? map.channel : ''}`;
  material.onBeforeCompile = (shader) => {
    shader.uniforms['emissive'] = { value: glowing.emissive };
    shader.uniforms['emissiveIntensity'] = {
      get value() {
        return glowing.emissiveIntensity;
      },
    };
    const image = map ? ' * texture2D( glowMap, vGlowUv ).rgb' : '';
    shader.fragmentShader = `uniform vec3 emissive;\nuniform float emissiveIntensity;\n${shader.fragmentShader.replace(
      '#include <color_fragment>',
      `#include <color_fragment>\ndiffuseColor.rgb += emissive * emissiveIntensity${image};`,
    )}`;
    if (!map) return;
    shader.uniforms['glowMap'] = { value: map };
    shader.uniforms['glowTransform'] = { value: map.matrix };
    shader.fragmentShader = `uniform sampler2D glowMap;\nvarying vec2 vGlowUv;\n${shader.fragmentShader}`;
    shader.vertexShader = `${declaration(map)}uniform mat3 glowTransform;\nvarying vec2 vGlowUv;\n${shader.vertexShader.replace(
      '#include <color_vertex>',
      `#include <color_vertex>\nvGlowUv = ( glowTransform * vec3( ${coordinates(map)}, 1.0 ) ).xy;`,
    )}`;
  };
}

function coordinates({ channel }: Texture): string {
  return channel === 0 ? 'uv' : `uv${channel}`;
}

/** three.js declares the first coordinates always, and others where an image of its own uses them. */
function declaration(map: Texture): string {
  const name = coordinates(map);
  return map.channel === 0 ? '' : `#ifndef USE_${name.toUpperCase()}\nattribute vec2 ${name};\n#endif\n`;
}
