import { z } from 'zod';
import { isPart } from '../../../shared/gltf-parts';

const index = z.int('a whole number from 0').nonnegative();
const count = z.int('a whole number above 0').positive();
const name = z.string().optional().catch(undefined);

/** An index: a non-negative integer, as used for all references in a document. */
const isIndex = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
/** Checked as a whole: zod would collect an issue for each of a million elements. */
const indices = z.custom<number[]>((value) => Array.isArray(value) && value.every(isIndex), 'a list of whole numbers');
const numbers = z.custom<number[]>(
  (value) => Array.isArray(value) && value.every((part) => typeof part === 'number'),
  'a list of numbers',
);
const attributes = z.custom<Record<string, number>>(
  (value) => isPart(value) && Object.values(value).every(isIndex),
  'an object of whole numbers',
);
const extensions = z.custom<Record<string, unknown>>(isPart, 'an object').optional();

/** A list that is validated up to its first error. */
function listOf<T extends z.ZodType>(element: T): z.ZodType<z.output<T>[]> {
  return z.custom<unknown[]>(Array.isArray, 'a list').transform((values, context) => {
    const read: z.output<T>[] = [];
    for (const [i, value] of values.entries()) {
      const result = element.safeParse(value, { error: expectationOf });
      if (result.success) {
        read.push(result.data);
        continue;
      }
      const { path, message } = result.error.issues[0]!;
      context.issues.push({ code: 'custom', input: value, path: [i, ...path], message });
      return z.NEVER;
    }
    return read;
  });
}

const textureReference = z.custom<{ index: number }>(
  (value) => isPart(value) && isIndex(value['index']),
  'an object with the index of a texture',
);

/**
 * The parts of a glTF 2.0 document that the host reads; unknown parts are ignored. A document that does not match is
 * invalid, so the types follow the specification strictly. Error messages say what was expected.
 */
export const gltfDocumentSchema = z.object({
  asset: z.object({ version: z.string(), minVersion: z.string().optional() }),
  scene: index.optional(),
  scenes: listOf(z.object({ name, nodes: indices.optional() })).optional(),
  nodes: listOf(
    z.object({
      name,
      camera: index.optional(),
      mesh: index.optional(),
      skin: index.optional(),
      children: indices.optional(),
      matrix: numbers.optional(),
      translation: numbers.optional(),
      rotation: numbers.optional(),
      scale: numbers.optional(),
      weights: numbers.optional(),
      extensions,
    }),
  ).optional(),
  cameras: listOf(z.object({ name, type: z.enum(['perspective', 'orthographic']) })).optional(),
  meshes: listOf(
    z.object({
      name,
      primitives: listOf(
        z.object({
          attributes,
          indices: index.optional(),
          material: index.optional(),
          mode: z.int('a whole number from 0 to 6').min(0).max(6).optional(),
          targets: listOf(attributes).optional(),
          extensions,
        }),
      ).refine((list) => list.length > 0, 'a list with something in it'),
    }),
  ).optional(),
  skins: listOf(
    z.object({ joints: indices, skeleton: index.optional(), inverseBindMatrices: index.optional() }),
  ).optional(),
  buffers: listOf(z.object({ uri: z.string().optional(), byteLength: count, extensions })).optional(),
  bufferViews: listOf(
    z.object({
      buffer: index,
      byteOffset: index.default(0),
      byteLength: count,
      byteStride: count.optional(),
      extensions,
    }),
  ).optional(),
  accessors: listOf(
    z.object({
      bufferView: index.optional(),
      byteOffset: index.default(0),
      componentType: z.union(
        [z.literal(5120), z.literal(5121), z.literal(5122), z.literal(5123), z.literal(5125), z.literal(5126)],
        'one of 5120, 5121, 5122, 5123, 5125 and 5126',
      ),
      type: z.enum(['SCALAR', 'VEC2', 'VEC3', 'VEC4', 'MAT2', 'MAT3', 'MAT4']),
      count,
      max: numbers.optional(),
      sparse: z
        .object({ count, indices: z.object({ bufferView: index }), values: z.object({ bufferView: index }) })
        .optional(),
    }),
  ).optional(),
  images: listOf(z.object({ name, uri: z.string().optional(), bufferView: index.optional() })).optional(),
  textures: listOf(z.object({ source: index.optional(), extensions })).optional(),
  materials: listOf(
    z.object({
      pbrMetallicRoughness: z
        .object({
          baseColorTexture: textureReference.optional(),
          metallicRoughnessTexture: textureReference.optional(),
        })
        .optional(),
      normalTexture: textureReference.optional(),
      occlusionTexture: textureReference.optional(),
      emissiveTexture: textureReference.optional(),
      extensions,
    }),
  ).optional(),
  animations: listOf(
    z.object({
      name,
      channels: listOf(
        z.object({ sampler: index, target: z.object({ node: index.optional(), path: z.string(), extensions }) }),
      ),
      samplers: listOf(z.object({ input: index, output: index })),
    }),
  ).optional(),
  extensions,
  extensionsUsed: listOf(z.string()).optional(),
  extensionsRequired: listOf(z.string()).optional(),
});
export type GltfDocument = z.infer<typeof gltfDocumentSchema>;

const TYPES: Readonly<Record<string, string>> = {
  number: 'a number',
  string: 'a text',
  object: 'an object',
  array: 'a list',
  boolean: 'true or false',
};

/** The expected value at a path in the document, for error messages. */
export const expectationOf: z.core.$ZodErrorMap = (issue) => {
  switch (issue.code) {
    case 'invalid_type':
      return TYPES[issue.expected] ?? 'something else';
    case 'invalid_value':
      return `one of ${issue.values.join(', ')}`;
    default:
      return 'something else';
  }
};

/** The glTF extensions supported by the render page. */
export const SUPPORTED_EXTENSIONS: ReadonlySet<string> = new Set([
  'EXT_materials_bump',
  'EXT_mesh_gpu_instancing',
  'EXT_meshopt_compression',
  'EXT_texture_avif',
  'EXT_texture_webp',
  'KHR_animation_pointer',
  'KHR_draco_mesh_compression',
  'KHR_lights_punctual',
  'KHR_materials_anisotropy',
  'KHR_materials_clearcoat',
  'KHR_materials_diffuse_roughness',
  'KHR_materials_dispersion',
  'KHR_materials_emissive_strength',
  'KHR_materials_ior',
  'KHR_materials_iridescence',
  'KHR_materials_pbrSpecularGlossiness',
  'KHR_materials_sheen',
  'KHR_materials_specular',
  'KHR_materials_transmission',
  'KHR_materials_unlit',
  // Rendered with the materials stored in the meshes themselves.
  'KHR_materials_variants',
  'KHR_materials_volume',
  'KHR_mesh_quantization',
  'KHR_meshopt_compression',
  'KHR_node_visibility',
  'KHR_texture_basisu',
  'KHR_texture_transform',
]);

/**
 * Size of one element of an accessor in bytes, without the padding of matrices (which only makes the check more
 * lenient).
 */
export function elementBytes(accessor: NonNullable<GltfDocument['accessors']>[number]): number {
  const component = { 5120: 1, 5121: 1, 5122: 2, 5123: 2, 5125: 4, 5126: 4 }[accessor.componentType];
  const count = { SCALAR: 1, VEC2: 2, VEC3: 3, VEC4: 4, MAT2: 4, MAT3: 9, MAT4: 16 }[accessor.type];
  return component * count;
}
