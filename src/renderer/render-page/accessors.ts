import { BufferAttribute } from 'three';
import type { GltfJson } from './gltf-container';
import { RenderFailure } from './render-failure';

const COMPONENTS = {
  5120: Int8Array,
  5121: Uint8Array,
  5122: Int16Array,
  5123: Uint16Array,
  5125: Uint32Array,
  5126: Float32Array,
} as const;
type Component = keyof typeof COMPONENTS;
type Numbers = InstanceType<(typeof COMPONENTS)[Component]>;

/** Rows and columns of an element; vectors have one column. */
const SHAPES: Readonly<Record<string, readonly [rows: number, columns: number]>> = {
  SCALAR: [1, 1],
  VEC2: [2, 1],
  VEC3: [3, 1],
  VEC4: [4, 1],
  MAT2: [2, 2],
  MAT3: [3, 3],
  MAT4: [4, 4],
};
/** Maximum number of elements of an all-zero accessor, which takes no space in the file: no real scene has more. */
const MAX_ZEROS = 1 << 26;

/**
 * Reads an accessor (glTF 2.0, section 3.6.2) into its own tightly packed buffer, whatever the stride and alignment in
 * the file, with sparse values applied.
 *
 * @param loadView returns the bytes of a buffer view
 * @throws RenderFailure, final, which names the accessor
 */
export async function readAccessor(
  json: GltfJson,
  index: number,
  loadView: (view: number) => Promise<ArrayBuffer>,
): Promise<BufferAttribute> {
  const definition = json['accessors'][index];
  const where = `accessor ${index}`;
  const component = COMPONENTS[definition.componentType as Component];
  const shape = SHAPES[definition.type];
  const count: unknown = definition.count;
  if (!component || !shape || typeof count !== 'number' || !Number.isInteger(count) || count < 1)
    throw damaged(`${where} has no known type or count`);
  const [rows, columns] = shape;
  const size = rows * columns;
  if (definition.bufferView === undefined && count * size > MAX_ZEROS)
    throw damaged(`${where} counts ${count} elements that have no data`);
  const bytes = component.BYTES_PER_ELEMENT;
  // Matrix columns are aligned to four bytes (section 3.6.2.4).
  const column = columns === 1 ? rows * bytes : Math.ceil((rows * bytes) / 4) * 4;
  const element = column * columns;
  let array: Numbers;
  if (definition.bufferView === undefined) array = new component(count * size);
  else {
    const view = new Uint8Array(await loadView(definition.bufferView));
    const stride: unknown = json['bufferViews'][definition.bufferView].byteStride ?? element;
    array = copyElements(
      view,
      definition.byteOffset ?? 0,
      typeof stride === 'number' && stride > 0 ? stride : element,
      component,
      { count, size, column, columns, element, where },
    );
  }
  if (definition.sparse !== undefined) await readSparse(definition.sparse, array, size, loadView, where, component);
  return new BufferAttribute(array, size, definition.normalized === true);
}

interface Layout {
  readonly count: number;
  /** Components of an element. */
  readonly size: number;
  /** Byte stride between an element's columns, and the number of columns. */
  readonly column: number;
  readonly columns: number;
  /** Bytes of an element. */
  readonly element: number;
  readonly where: string;
}

function copyElements(
  from: Uint8Array,
  offset: number,
  stride: number,
  component: (typeof COMPONENTS)[Component],
  layout: Layout,
): Numbers {
  const { count, size, column, columns, element, where } = layout;
  // Before allocating anything: an invalid count in a file must cost nothing.
  if (!Number.isInteger(offset) || offset < 0 || offset + stride * (count - 1) + element > from.length)
    throw damaged(`${where} reaches beyond its buffer view`);
  const numbers: Numbers = new component(count * size);
  const target = new Uint8Array(numbers.buffer);
  const width = target.length / (count * columns);
  if (stride === element && width === column) target.set(from.subarray(offset, offset + target.length));
  else {
    for (let i = 0, at = 0; i < count; i++) {
      for (let c = 0; c < columns; c++) {
        const start = offset + i * stride + c * column;
        for (let b = 0; b < width; b++) target[at++] = from[start + b]!;
      }
    }
  }
  return numbers;
}

async function readSparse(
  sparse: GltfJson,
  array: Numbers,
  size: number,
  loadView: (view: number) => Promise<ArrayBuffer>,
  where: string,
  component: (typeof COMPONENTS)[Component],
): Promise<void> {
  const indexComponent = COMPONENTS[sparse['indices'].componentType as Component];
  const count: unknown = sparse['count'];
  if (!indexComponent || typeof count !== 'number' || !Number.isInteger(count) || count < 1)
    throw damaged(`${where} has no known type or count of sparse values`);
  const read = async (part: GltfJson, kind: (typeof COMPONENTS)[Component], width: number): Promise<Numbers> => {
    const element = width * kind.BYTES_PER_ELEMENT;
    return copyElements(new Uint8Array(await loadView(part['bufferView'])), part['byteOffset'] ?? 0, element, kind, {
      count,
      size: width,
      column: element,
      columns: 1,
      element,
      where,
    });
  };
  const [indices, values] = await Promise.all([
    read(sparse['indices'], indexComponent, 1),
    read(sparse['values'], component, size),
  ]);
  for (let i = 0; i < count; i++) {
    const at = indices[i]! * size;
    if (at + size > array.length) throw damaged(`${where} has a sparse value beyond its end`);
    for (let c = 0; c < size; c++) array[at + c] = values[i * size + c]!;
  }
}

/** The attribute's values as floats, with normalized integers converted (section 3.11.6). */
export function floatsOf(attribute: BufferAttribute): Float32Array {
  const { array, normalized } = attribute;
  if (array instanceof Float32Array) return array;
  if (!normalized) return Float32Array.from(array);
  const scale =
    { Int8Array: 127, Uint8Array: 255, Int16Array: 32_767, Uint16Array: 65_535 }[array.constructor.name] ?? 1;
  return Float32Array.from(array, (value) => Math.max(value / scale, -1));
}

/** @throws RenderFailure, final, where a value is not a finite number */
export function checkFinite(array: ArrayLike<number>, subject: string): void {
  if (!(array instanceof Float32Array)) return;
  for (let i = 0; i < array.length; i++) {
    if (!Number.isFinite(array[i]))
      throw new RenderFailure(`${subject} has values that are not numbers: mend it, and export the scene again.`, true);
  }
}

export function damaged(what: string): RenderFailure {
  return new RenderFailure(`The scene file is damaged: ${what}. Export it again.`, true);
}
