import { ShaderChunk } from 'three';

/**
 * Where a fragment is on a shadow map. three.js looks a little off the surface, to the side of its normals; seen from
 * its back, a two-sided surface is lit and shown on the other side. A mesh without normals has faces that are flat, whose
 * sides only fragments know: three.js looks at the surface itself there, which lies in its own shadow.
 */
const COORDINATES = /* glsl */ `
#if defined( DOUBLE_SIDED ) && ! defined( FLAT_SHADED )
	#define SHADOW_COORDINATES( place, matrix, offset ) ( place + matrix * vec4( ( faceDirection - 1.0 ) * offset * transformNormalByInverseViewMatrix( vNormal, viewMatrix ), 0.0 ) )
#elif defined( FLAT_SHADED )
	#define SHADOW_COORDINATES( place, matrix, offset ) ( place + matrix * vec4( offset * transformNormalByInverseViewMatrix( nonPerturbedNormal, viewMatrix ), 0.0 ) )
#else
	#define SHADOW_COORDINATES( place, matrix, offset ) place
#endif
#ifdef USE_SHADOWMAP
	#if NUM_DIR_LIGHT_SHADOWS > 0
		uniform mat4 directionalShadowMatrix[ NUM_DIR_LIGHT_SHADOWS ];
	#endif
	#if NUM_SPOT_LIGHT_SHADOWS > 0
		uniform mat4 spotLightMatrix[ NUM_SPOT_LIGHT_COORDS ];
	#endif
	#if NUM_POINT_LIGHT_SHADOWS > 0
		uniform mat4 pointShadowMatrix[ NUM_POINT_LIGHT_SHADOWS ];
	#endif
#endif
`;

/** Places in three.js's shader, with the matrix and the offset of each. */
const PLACES = [
  ['Radius, vDirectionalShadowCoord[ i ]', 'directionalShadowMatrix[ i ]', 'directionalLightShadow'],
  ['Radius, vSpotLightCoord[ i ]', 'spotLightMatrix[ i ]', 'spotLightShadow'],
  ['Radius, vPointShadowCoord[ i ]', 'pointShadowMatrix[ i ]', 'pointLightShadow'],
] as const;

/**
 * Changes three.js's shaders: the back of a two-sided surface would lie in the surface's own shadow. Written for the
 * version in package.json.
 *
 * @throws Error for one whose shaders differ
 */
export function mendShadowSides(): void {
  if (ShaderChunk.shadowmap_pars_fragment.includes('SHADOW_COORDINATES')) return;
  let lights: string = ShaderChunk.lights_fragment_begin;
  for (const [place, matrix, light] of PLACES) {
    if (!lights.includes(place)) throw new Error(`three.js has no shadow by ${place}`);
    const [before, coordinates] = place.split(', ') as [string, string];
    lights = lights.replace(
      place,
      `${before}, SHADOW_COORDINATES( ${coordinates}, ${matrix}, ${light}.shadowNormalBias )`,
    );
  }
  ShaderChunk.lights_fragment_begin = lights;
  ShaderChunk.shadowmap_pars_fragment += COORDINATES;
}
