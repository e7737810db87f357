import { ShaderChunk } from 'three';

/** Places in three.js's shaders, and what is there instead. */
const MENDS = [
  // What lies in a lamp itself would be infinitely bright. three.js makes nothing brighter than at a decimetre, and so
  // scenes of a few millimetres dark.
  [
    'lights_pars_begin',
    'max( pow( lightDistance, decayExponent ), 0.01 )',
    'max( pow( lightDistance, decayExponent ), 1e-9 )',
  ],
  // The end of a lamp's range as KHR_lights_punctual recommends it; three.js squares it.
  [
    'lights_pars_begin',
    'pow2( saturate( 1.0 - pow4( lightDistance / cutoffDistance ) ) )',
    'saturate( 1.0 - ( pow4( lightDistance / cutoffDistance ) ) )',
  ],
  // Images of half floats go up to 65504. Infinity in that of what is behind glass would spread as it is made smaller.
  [
    'opaque_fragment',
    'vec4( outgoingLight, diffuseColor.a )',
    'vec4( min( outgoingLight, vec3( 6e4 ) ), diffuseColor.a )',
  ],
] as const;

/** Colours are from 0 to 1 after they are morphed, too (glTF 2.0, section 3.7.2.2). */
const CLAMP_COLORS = `
#ifdef USE_MORPHCOLORS
	vColor = clamp( vColor, 0.0, 1.0 );
#endif
`;

/**
 * Changes three.js's shaders where they differ from glTF. Written for the version in package.json.
 *
 * @throws Error for one whose shaders differ
 */
export function mendShaders(): void {
  for (const [chunk, place, ours] of MENDS) {
    const shader: string = ShaderChunk[chunk];
    if (shader.includes(ours)) continue;
    if (!shader.includes(place)) throw new Error(`three.js’s ${chunk} has no ${place}`);
    ShaderChunk[chunk] = shader.replace(place, ours);
  }
  if (!ShaderChunk.morphcolor_vertex.endsWith(CLAMP_COLORS)) ShaderChunk.morphcolor_vertex += CLAMP_COLORS;
}
