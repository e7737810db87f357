import { describe, expect, it } from 'vitest';
import { findGltfFault } from '../../src/shared/gltf-fault';

/** A document with one of everything, all of it valid. */
function whole() {
  return {
    accessors: [
      { type: 'VEC3', componentType: 5126, count: 3 },
      { type: 'VEC4', componentType: 5126, count: 3 },
      { type: 'VEC2', componentType: 5126, count: 3 },
      { type: 'SCALAR', componentType: 5126, count: 3 },
    ],
    nodes: [
      {
        translation: [0, 0, 0],
        extensions: {
          EXT_mesh_gpu_instancing: { attributes: { TRANSLATION: 0, ROTATION: 1, SCALE: 0, _ID: 3 } },
          ACME_physics: null,
        },
      },
    ],
    meshes: [
      {
        primitives: [
          {
            attributes: { POSITION: 0, NORMAL: 0, TANGENT: 1, TEXCOORD_0: 2, COLOR_0: 1, JOINTS_0: 1, WEIGHTS_0: 1 },
            targets: [{ POSITION: 0, NORMAL: 0, TANGENT: 0, COLOR_0: 0 }],
            mode: 4,
          },
        ],
      },
    ],
    materials: [
      {
        pbrMetallicRoughness: {
          baseColorFactor: [1, 1, 1, 1],
          metallicFactor: 0,
          roughnessFactor: 1,
          baseColorTexture: {
            index: 0,
            texCoord: 1,
            extensions: { KHR_texture_transform: { offset: [0, 1], scale: [1, 1], rotation: 1 } },
          },
        },
        normalTexture: { index: 0, scale: 2 },
        occlusionTexture: { index: 0, strength: 0.5 },
        emissiveFactor: [0, 0, 0],
        alphaMode: 'MASK',
        alphaCutoff: 0.5,
        extensions: {
          KHR_materials_clearcoat: { clearcoatFactor: 1, clearcoatNormalTexture: { index: 0, scale: 1 } },
          KHR_materials_specular: { specularFactor: 1, specularColorFactor: [1, 1, 1] },
          // As exporters in JavaScript write what is infinite.
          KHR_materials_volume: { thicknessFactor: 1, attenuationDistance: null, attenuationColor: [1, 1, 1] },
          KHR_materials_unlit: {},
          ACME_paint: { baseColorFactor: 'red' },
        },
      },
    ],
    textures: [{ source: 0 }],
    animations: [{ samplers: [{ input: 3, output: 0, interpolation: 'STEP' }], channels: [] }],
    extensions: {
      KHR_lights_punctual: {
        lights: [{ type: 'spot', color: [1, 1, 1], intensity: 1, range: 9, spot: { innerConeAngle: 0 } }],
      },
    },
    cameras: [{ type: 'perspective', perspective: { yfov: 1, znear: 0.1 } }],
  };
}

it('finds none in what is valid, nor in what nobody renders', () => {
  expect(findGltfFault(whole())).toBeNull();
  expect(findGltfFault({})).toBeNull();
});

/** @param path of a value in the document, whose names have no dots */
function changed(path: string, value: unknown): unknown {
  const document = whole();
  const keys = path.split('.');
  const last = keys.pop()!;
  // oxlint-disable-next-line typescript/no-explicit-any -- any part of it.
  const part = keys.reduce<any>((found, key) => found[key], document);
  expect(part, path).toHaveProperty(last);
  part[last] = value;
  return document;
}

const PRIMITIVE = 'meshes.0.primitives.0';
const PBR = 'materials.0.pbrMetallicRoughness';
const TRANSFORM = `${PBR}.baseColorTexture.extensions.KHR_texture_transform`;
const EXTENSIONS = 'materials.0.extensions';
const LIGHT = 'extensions.KHR_lights_punctual.lights.0';

describe('a value of another kind is named with its place:', () => {
  it.each<[string, unknown, string]>([
    [`${PRIMITIVE}.attributes.POSITION`, 2, 'the POSITION of mesh 0 is of type "VEC2", and not VEC3'],
    [`${PRIMITIVE}.attributes.TEXCOORD_0`, 0, 'the TEXCOORD_0 of mesh 0 is of type "VEC3", and not VEC2'],
    [`${PRIMITIVE}.attributes.COLOR_0`, 2, 'the COLOR_0 of mesh 0 is of type "VEC2", and not VEC3 or VEC4'],
    [`${PRIMITIVE}.attributes.JOINTS_0`, 0, 'the JOINTS_0 of mesh 0 is of type "VEC3", and not VEC4'],
    [`${PRIMITIVE}.attributes.WEIGHTS_0`, 3, 'the WEIGHTS_0 of mesh 0 is of type "SCALAR", and not VEC4'],
    [`${PRIMITIVE}.targets.0.POSITION`, 1, 'the POSITION of a morph target of mesh 0 is of type "VEC4", and not VEC3'],
    [`${PRIMITIVE}.targets.0.NORMAL`, 1, 'the NORMAL of a morph target of mesh 0 is of type "VEC4", and not VEC3'],
    [`${PRIMITIVE}.mode`, 7, 'the mode of a primitive of mesh 0 is 7, and not one of 0, 1, 2, 3, 4, 5, 6'],
    [
      'nodes.0.extensions.EXT_mesh_gpu_instancing.attributes.ROTATION',
      0,
      'the ROTATION of the instances of node 0 is of type "VEC3", and not VEC4',
    ],
    ['nodes.0.extensions.EXT_mesh_gpu_instancing', null, 'the EXT_mesh_gpu_instancing of node 0 is not an object'],
    [PBR, [], 'the pbrMetallicRoughness of material 0 is not an object'],
    [`${PBR}.baseColorFactor`, [1, 1, 1], 'the baseColorFactor of material 0 is not a list of 4 numbers'],
    [`${PBR}.baseColorFactor`, 'red', 'the baseColorFactor of material 0 is not a list of 4 numbers'],
    [`${PBR}.metallicFactor`, null, 'the metallicFactor of material 0 is not a finite number'],
    [`${PBR}.roughnessFactor`, '0.5', 'the roughnessFactor of material 0 is not a finite number'],
    ['materials.0.emissiveFactor', 1, 'the emissiveFactor of material 0 is not a list of 3 numbers'],
    ['materials.0.emissiveFactor', [1, 1, 1, 1], 'the emissiveFactor of material 0 is not a list of 3 numbers'],
    ['materials.0.alphaMode', 'blend', 'the alphaMode of material 0 is "blend", and not one of OPAQUE, MASK, BLEND'],
    ['materials.0.alphaMode', null, 'the alphaMode of material 0 is nothing, and not one of OPAQUE, MASK, BLEND'],
    ['materials.0.alphaCutoff', [0.5], 'the alphaCutoff of material 0 is not a finite number'],
    ['materials.0.normalTexture.scale', '2', 'the scale of the normalTexture of material 0 is not a finite number'],
    [
      'materials.0.occlusionTexture.strength',
      {},
      'the strength of the occlusionTexture of material 0 is not a finite number',
    ],
    [`${TRANSFORM}.offset`, '0 0', 'the offset of the baseColorTexture of material 0 is not a list of 2 numbers'],
    [`${TRANSFORM}.scale`, 2, 'the scale of the baseColorTexture of material 0 is not a list of 2 numbers'],
    [`${TRANSFORM}.rotation`, [1], 'the rotation of the baseColorTexture of material 0 is not a finite number'],
    [TRANSFORM, null, 'the KHR_texture_transform of the baseColorTexture of material 0 is not an object'],
    [`${EXTENSIONS}.KHR_materials_clearcoat`, null, 'the KHR_materials_clearcoat of material 0 is not an object'],
    [
      `${EXTENSIONS}.KHR_materials_clearcoat.clearcoatFactor`,
      true,
      'the clearcoatFactor of material 0 is not a finite number',
    ],
    [
      `${EXTENSIONS}.KHR_materials_clearcoat.clearcoatNormalTexture.scale`,
      null,
      'the scale of the clearcoatNormalTexture of material 0 is not a finite number',
    ],
    [
      `${EXTENSIONS}.KHR_materials_specular.specularColorFactor`,
      1,
      'the specularColorFactor of material 0 is not a list of 3 numbers',
    ],
    [
      `${EXTENSIONS}.KHR_materials_volume.attenuationColor`,
      [1, 1],
      'the attenuationColor of material 0 is not a list of 3 numbers',
    ],
    [
      'textures.0',
      { source: 0, extensions: { EXT_texture_webp: 1 } },
      'the EXT_texture_webp of texture 0 is not an object',
    ],
    [
      'animations.0.samplers.0.interpolation',
      'CUBIC',
      'the interpolation of animation 0 is "CUBIC", and not one of LINEAR, STEP, CUBICSPLINE',
    ],
    ['animations.0.samplers.0.input', 0, 'the input of animation 0 is of type "VEC3", and not SCALAR'],
    [`${LIGHT}.type`, null, 'light 0 is of type nothing; lights are directional, point or spot'],
    [`${LIGHT}.intensity`, '1', 'the intensity of light 0 is not a finite number'],
    [`${LIGHT}.range`, null, 'the range of light 0 is not a finite number'],
    [`${LIGHT}.spot.innerConeAngle`, [], 'the innerConeAngle of light 0 is not a finite number'],
  ])('%s of %j', (path, value, fault) => {
    expect(findGltfFault(changed(path, value))).toBe(fault);
  });
});

it('takes no name of an object’s own for one that it knows', () => {
  const names = ['constructor', 'toString', '__proto__'];
  const attributes = (): object => JSON.parse(`{${names.map((name) => `"${name}":0`).join()}}`) as object;
  const document = {
    ...whole(),
    nodes: [{ extensions: { EXT_mesh_gpu_instancing: { attributes: attributes() } } }],
    meshes: [{ primitives: [{ attributes: attributes(), targets: [attributes()] }] }],
    materials: [{ extensions: JSON.parse('{"constructor":{"length":"x"},"__proto__":{"x":1}}') as object }],
  };
  expect(findGltfFault(document)).toBeNull();
});
