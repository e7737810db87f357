import { z } from 'zod';

const index = z.int().nonnegative();
const name = z.string().optional().catch(undefined);

/**
 * The parts of a glTF 2.0 document that the host reads. The rest is the page's business; unknown parts are left alone. A document that does not
 * fit is broken, so these follow the specification's types strictly.
 */
export const gltfDocumentSchema = z.object({
  asset: z.object({ version: z.string(), minVersion: z.string().optional() }),
  scene: index.optional(),
  scenes: z.array(z.object({ name, nodes: z.array(index).optional() })).optional(),
  nodes: z
    .array(
      z.object({
        name,
        camera: index.optional(),
        mesh: index.optional(),
        skin: index.optional(),
        children: z.array(index).optional(),
      }),
    )
    .optional(),
  cameras: z.array(z.object({ name, type: z.enum(['perspective', 'orthographic']) })).optional(),
  meshes: z
    .array(
      z.object({
        name,
        primitives: z
          .array(
            z.object({
              attributes: z.record(z.string(), index),
              indices: index.optional(),
              material: index.optional(),
            }),
          )
          .min(1),
      }),
    )
    .optional(),
  buffers: z
    .array(
      z.object({
        uri: z.string().optional(),
        byteLength: z.int().positive(),
        extensions: z.record(z.string(), z.unknown()).optional(),
      }),
    )
    .optional(),
  bufferViews: z
    .array(
      z.object({
        buffer: index,
        byteOffset: z.int().nonnegative().default(0),
        byteLength: z.int().positive(),
        extensions: z.record(z.string(), z.unknown()).optional(),
      }),
    )
    .optional(),
  accessors: z
    .array(
      z.object({
        bufferView: index.optional(),
        byteOffset: z.int().nonnegative().default(0),
        componentType: z.union([
          z.literal(5120),
          z.literal(5121),
          z.literal(5122),
          z.literal(5123),
          z.literal(5125),
          z.literal(5126),
        ]),
        type: z.enum(['SCALAR', 'VEC2', 'VEC3', 'VEC4', 'MAT2', 'MAT3', 'MAT4']),
        count: z.int().positive(),
        max: z.array(z.number()).optional(),
      }),
    )
    .optional(),
  images: z.array(z.object({ name, uri: z.string().optional(), bufferView: index.optional() })).optional(),
  animations: z
    .array(
      z.object({
        name,
        channels: z.array(
          z.object({
            sampler: index,
            target: z.object({
              node: index.optional(),
              path: z.string(),
              extensions: z.record(z.string(), z.unknown()).optional(),
            }),
          }),
        ),
        samplers: z.array(z.object({ input: index, output: index })),
      }),
    )
    .optional(),
  extensionsUsed: z.array(z.string()).optional(),
  extensionsRequired: z.array(z.string()).optional(),
});
export type GltfDocument = z.infer<typeof gltfDocumentSchema>;

/** What the render page's three.js understands of glTF's extensions. */
export const SUPPORTED_EXTENSIONS: ReadonlySet<string> = new Set([
  'EXT_materials_bump',
  'EXT_mesh_gpu_instancing',
  'EXT_meshopt_compression',
  'EXT_texture_avif',
  'EXT_texture_webp',
  'KHR_draco_mesh_compression',
  'KHR_lights_punctual',
  'KHR_materials_anisotropy',
  'KHR_materials_clearcoat',
  'KHR_materials_diffuse_roughness',
  'KHR_materials_dispersion',
  'KHR_materials_emissive_strength',
  'KHR_materials_ior',
  'KHR_materials_iridescence',
  'KHR_materials_sheen',
  'KHR_materials_specular',
  'KHR_materials_transmission',
  'KHR_materials_unlit',
  'KHR_materials_volume',
  'KHR_mesh_quantization',
  'KHR_meshopt_compression',
  'KHR_texture_basisu',
  'KHR_texture_transform',
]);

/** Bytes of one element of an accessor, matrices' padding left out (which only makes the check milder). */
export function elementBytes(accessor: NonNullable<GltfDocument['accessors']>[number]): number {
  const component = { 5120: 1, 5121: 1, 5122: 2, 5123: 2, 5125: 4, 5126: 4 }[accessor.componentType];
  const count = { SCALAR: 1, VEC2: 2, VEC3: 3, VEC4: 4, MAT2: 4, MAT3: 9, MAT4: 16 }[accessor.type];
  return component * count;
}
