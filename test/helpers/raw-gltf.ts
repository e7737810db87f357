type Numbers = Float32Array | Uint8Array | Int8Array | Uint16Array | Int16Array | Uint32Array;
// oxlint-disable-next-line typescript/no-explicit-any -- documents that are wrong on purpose, too.
type Json = any;

const COMPONENTS: Record<string, number> = {
  Int8Array: 5120,
  Uint8Array: 5121,
  Int16Array: 5122,
  Uint16Array: 5123,
  Uint32Array: 5125,
  Float32Array: 5126,
};
const SIZES: Record<string, number> = { SCALAR: 1, VEC2: 2, VEC3: 3, VEC4: 4, MAT2: 4, MAT3: 9, MAT4: 16 };

/** Corners of a square of 1 × 1 around the origin, and its triangles' indices. */
export const CORNERS = new Float32Array([-0.5, -0.5, 0, 0.5, -0.5, 0, 0.5, 0.5, 0, -0.5, 0.5, 0]);
export const TRIANGLES = new Uint16Array([0, 1, 2, 0, 2, 3]);

/**
 * A hand-made glTF document, valid or not: nothing is checked. It has an orthographic camera that shows x and y from −2
 * to 2, and materials are unlit by default, so that pixels can be predicted.
 */
export class RawGltf {
  readonly json: Json = {
    asset: { version: '2.0' },
    scene: 0,
    scenes: [{ nodes: [] }],
    nodes: [],
    meshes: [],
    materials: [],
    accessors: [],
    bufferViews: [],
    cameras: [],
    extensionsUsed: ['KHR_materials_unlit'],
  };
  #bytes: Buffer = Buffer.alloc(0);

  constructor({ camera = true }: { camera?: boolean } = {}) {
    if (!camera) return;
    this.json.cameras.push({ type: 'orthographic', orthographic: { xmag: 2, ymag: 2, znear: 0.1, zfar: 20 } });
    this.node({ name: 'Front', camera: 0, translation: [0, 0, 5] });
  }

  /** Adds a node to the scene. */
  node(node: Json, root = true): number {
    const index = this.json.nodes.push(node) - 1;
    if (root) this.json.scenes[0].nodes.push(index);
    return index;
  }

  view(bytes: Uint8Array, more: Json = {}): number {
    const at = Math.ceil(this.#bytes.length / 8) * 8;
    this.#bytes = Buffer.concat([this.#bytes, Buffer.alloc(at - this.#bytes.length), bytes]);
    return this.json.bufferViews.push({ buffer: 0, byteOffset: at, byteLength: bytes.length, ...more }) - 1;
  }

  accessor(values: Numbers, type: string, more: Json = {}): number {
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    const accessor: Json = {
      bufferView: this.view(bytes),
      componentType: COMPONENTS[values.constructor.name],
      type,
      count: values.length / SIZES[type]!,
    };
    if (type === 'SCALAR' || type === 'VEC3') {
      const size = SIZES[type]!;
      const column = (c: number): number[] => [...values].filter((_, i) => i % size === c);
      accessor.min = Array.from({ length: size }, (_, c) => Math.min(...column(c)));
      accessor.max = Array.from({ length: size }, (_, c) => Math.max(...column(c)));
    }
    return this.json.accessors.push({ ...accessor, ...more }) - 1;
  }

  floats(values: readonly number[], type: string, more: Json = {}): number {
    return this.accessor(new Float32Array(values), type, more);
  }

  /** Unlit unless `lit`. @param color linear light, with or without alpha */
  material(color: readonly number[], { lit = false, ...more }: Json = {}): number {
    const { extensions, ...rest } = more;
    return (
      this.json.materials.push({
        pbrMetallicRoughness: { baseColorFactor: color.length === 3 ? [...color, 1] : color, metallicFactor: 0 },
        extensions: { ...(lit ? {} : { KHR_materials_unlit: {} }), ...extensions },
        ...rest,
      }) - 1
    );
  }

  /** A square primitive. @param size of a side */
  square(material: number | undefined, size = 1, more: Json = {}): Json {
    return {
      attributes: {
        POSITION: this.accessor(
          CORNERS.map((value) => value * size),
          'VEC3',
        ),
        NORMAL: this.floats([0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 1], 'VEC3'),
        TEXCOORD_0: this.floats([0, 1, 1, 1, 1, 0, 0, 0], 'VEC2'),
      },
      indices: this.accessor(TRIANGLES, 'SCALAR'),
      ...(material === undefined ? {} : { material }),
      ...more,
    };
  }

  mesh(...primitives: Json[]): number {
    return this.json.meshes.push({ primitives }) - 1;
  }

  /** Adds a node that shows primitives. */
  show(primitives: Json | Json[], node: Json = {}): number {
    return this.node({ mesh: this.mesh(...[primitives].flat()), ...node });
  }

  extension(name: string, { required = false, ...content }: Json = {}): void {
    if (!this.json.extensionsUsed.includes(name)) this.json.extensionsUsed.push(name);
    if (required) (this.json.extensionsRequired ??= []).push(name);
    if (Object.keys(content).length > 0) (this.json.extensions ??= {})[name] = content;
  }

  /** @returns the texture's index */
  texture(image: Json, more: Json = {}): number {
    const source = (this.json.images ??= []).push(image) - 1;
    return (this.json.textures ??= []).push({ source, ...more }) - 1;
  }

  /** An embedded image. */
  packed(bytes: Uint8Array, mimeType = 'image/png'): Json {
    return { bufferView: this.view(bytes), mimeType };
  }

  animate(
    target: Json,
    times: readonly number[],
    values: readonly number[],
    type: string,
    interpolation = 'LINEAR',
    name = 'Clip',
  ): void {
    this.json.animations ??= [];
    let animation = this.json.animations.find((known: Json) => known.name === name);
    if (!animation) this.json.animations.push((animation = { name, samplers: [], channels: [] }));
    const sampler =
      animation.samplers.push({
        input: this.floats(times, 'SCALAR'),
        output: this.floats(values, type),
        interpolation,
      }) - 1;
    animation.channels.push({ sampler, target });
  }

  /** @returns the node's index */
  light(light: Json, node: Json = {}): number {
    this.extension('KHR_lights_punctual');
    const lights = ((this.json.extensions ??= {}).KHR_lights_punctual ??= { lights: [] }).lights as Json[];
    return this.node({ extensions: { KHR_lights_punctual: { light: lights.push(light) - 1 } }, ...node });
  }

  get bytes(): Buffer {
    return this.#bytes;
  }

  #document(buffer: Json): Json {
    const json = {
      ...this.json,
      buffers: this.#bytes.length > 0 ? [{ byteLength: this.#bytes.length, ...buffer }] : [],
    };
    for (const [key, value] of Object.entries(json)) if (Array.isArray(value) && value.length === 0) delete json[key];
    return json;
  }

  /** A .gltf with its data embedded, or in a separate file. */
  gltf({ uri }: { uri?: string } = {}): Buffer {
    return Buffer.from(
      JSON.stringify(
        this.#document({ uri: uri ?? `data:application/octet-stream;base64,${this.#bytes.toString('base64')}` }),
      ),
    );
  }

  /** @param fill padding of the JSON chunk */
  glb({ fill = ' ', more = Buffer.alloc(0) }: { fill?: string; more?: Buffer } = {}): Buffer {
    const chunk = (type: string, bytes: Buffer, pad: string): Buffer => {
      const padded = Buffer.concat([bytes, Buffer.from(pad.repeat((4 - (bytes.length % 4)) % 4))]);
      const head = Buffer.alloc(8);
      head.writeUInt32LE(padded.length, 0);
      head.write(type, 4, 'latin1');
      return Buffer.concat([head, padded]);
    };
    const chunks = [
      chunk('JSON', Buffer.from(JSON.stringify(this.#document({}))), fill),
      ...(this.#bytes.length > 0 ? [chunk('BIN\0', this.#bytes, '\0')] : []),
      more,
    ];
    const head = Buffer.from('glTF\x02\0\0\0\0\0\0\0', 'latin1');
    head.writeUInt32LE(12 + chunks.reduce((sum, { length }) => sum + length, 0), 8);
    return Buffer.concat([head, ...chunks]);
  }
}
