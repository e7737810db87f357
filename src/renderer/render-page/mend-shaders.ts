import { ShaderChunk } from 'three';

/** A place in a chunk of three.js's shaders, and what is there instead. */
type Mend = readonly [chunk: keyof typeof ShaderChunk, place: string, ours: string];

/**
 * Repeats the code of those lights only that have shadows, whose images need a constant index. three.js repeats that of
 * each: a hundred lamps took minutes to compile.
 *
 * @param type of three.js's class
 * @param more what three.js's function takes between the light and its result
 */
function loopOverLights(name: string, type: string, variable: string, more: string): Mend[] {
  const [all, shadows] = [`NUM_${name}_LIGHTS`, `NUM_${name}_LIGHT_SHADOWS`];
  return [
    ['lights_fragment_begin', `for ( int i = 0; i < ${all}; i ++ ) {`, `for ( int i = 0; i < ${shadows}; i ++ ) {`],
    [
      'lights_fragment_begin',
      `\t${type} ${variable};`,
      `\t${type} ${variable};
	for ( int i = ${shadows}; i < ${all}; i ++ ) {
		${variable} = ${variable}s[ i ];
		get${type}Info( ${variable}, ${more}directLight );
		RE_Direct( directLight, geometryPosition, geometryNormal, geometryViewDir, geometryClearcoatNormal, material, reflectedLight );
	}`,
    ],
  ];
}

const MENDS: readonly Mend[] = [
  ...loopOverLights('POINT', 'PointLight', 'pointLight', 'geometryPosition, '),
  ...loopOverLights('SPOT', 'SpotLight', 'spotLight', 'geometryPosition, '),
  ...loopOverLights('DIR', 'DirectionalLight', 'directionalLight', ''),
  // The edge of a spot light's cone as KHR_lights_punctual recommends it.
  [
    'lights_pars_begin',
    'return smoothstep( coneCosine, penumbraCosine, angleCosine );',
    'return pow2( saturate( ( angleCosine - coneCosine ) / max( 0.001, penumbraCosine - coneCosine ) ) );',
  ],
  // Normals stay across what joints scale unevenly or shear: by the matrix of cofactors, which keeps its sign in a mirror.
  [
    'skinnormal_vertex',
    'objectNormal = vec4( skinMatrix * vec4( objectNormal, 0.0 ) ).xyz;',
    `mat3 skinAxes = mat3( skinMatrix );
	mat3 skinNormals = mat3( cross( skinAxes[ 1 ], skinAxes[ 2 ] ), cross( skinAxes[ 2 ], skinAxes[ 0 ] ), cross( skinAxes[ 0 ], skinAxes[ 1 ] ) );
	objectNormal = ( dot( skinAxes[ 0 ], skinNormals[ 0 ] ) < 0.0 ? - 1.0 : 1.0 ) * ( skinNormals * objectNormal );`,
  ],
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
];

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
