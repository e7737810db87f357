import draco3d from 'draco3dgltf';
import { CORNERS, type RawGltf } from './raw-gltf';

/** Shows a square of 1 × 1 that is compressed by Draco, with tangents. */
export async function showDracoSquare(g: RawGltf, material: number, mode: number): Promise<void> {
  // oxlint-disable-next-line typescript/no-explicit-any -- the package has no types.
  const draco = (await draco3d.createEncoderModule()) as any;
  const [encoder, builder, mesh, out] = [
    new draco.Encoder(),
    new draco.MeshBuilder(),
    new draco.Mesh(),
    new draco.DracoInt8Array(),
  ];
  builder.AddFacesToMesh(mesh, 2, Uint32Array.from([0, 1, 2, 0, 2, 3]));
  const position: number = builder.AddFloatAttributeToMesh(mesh, draco.POSITION, 4, 3, CORNERS);
  const tangent: number = builder.AddFloatAttributeToMesh(
    mesh,
    draco.GENERIC,
    4,
    4,
    new Float32Array([1, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1]),
  );
  encoder.SetEncodingMethod(draco.MESH_SEQUENTIAL_ENCODING);
  const length: number = encoder.EncodeMeshToDracoBuffer(mesh, out);
  const bytes = Uint8Array.from({ length }, (_, i) => out.GetValue(i));
  g.extension('KHR_draco_mesh_compression', { required: true });
  const accessor = (more: object): number => g.json.accessors.push(more) - 1;
  g.show({
    attributes: {
      POSITION: accessor({ componentType: 5126, type: 'VEC3', count: 4, min: [-0.5, -0.5, 0], max: [0.5, 0.5, 0] }),
      TANGENT: accessor({ componentType: 5126, type: 'VEC4', count: 4 }),
    },
    indices: accessor({ componentType: 5125, type: 'SCALAR', count: mode === 4 ? 6 : 4 }),
    material,
    mode,
    extensions: {
      KHR_draco_mesh_compression: { bufferView: g.view(bytes), attributes: { POSITION: position, TANGENT: tangent } },
    },
  });
}
