import type { RenderRequest } from '../../../../src/main/engines/render-engine';
import type { Pixels } from '../../../helpers/decode-png';
import type { RawGltf } from '../../../helpers/raw-gltf';

/** Linear light; what each is in a picture, see `isColor`. */
export const RED = [0.5, 0, 0] as const;
export const GREEN = [0, 0.5, 0] as const;
export const BLUE = [0, 0, 0.5] as const;
export const WHITE = [0.5, 0.5, 0.5] as const;

/**
 * `background` is what the picture shows where nothing is; `lit` is anything brighter, `dark` a surface in the dark.
 */
export type Shade = 'red' | 'green' | 'blue' | 'white' | 'yellow' | 'background' | 'lit' | 'dark';

/** A small scene, and what its picture shows or what is said of it. */
export interface CorpusCase {
  readonly name: string;
  /** The scene file's ending; `.gltf` with its data inside unless `write` says otherwise. */
  readonly file?: 'gltf' | 'glb';
  /** @param g with a camera that shows x and y from −2 to 2 */
  build(g: RawGltf): void | Promise<void>;
  /** The scene file's bytes, where they are not as usual. */
  write?(g: RawGltf): Buffer;
  /** Files beside the scene, by name. */
  readonly beside?: () => Record<string, Uint8Array> | Promise<Record<string, Uint8Array>>;
  readonly camera?: false;
  readonly request?: Partial<RenderRequest>;
  /** What there is at places of the picture, x and y from −2 to 2. */
  readonly shows?: readonly (readonly [x: number, y: number, shade: Shade])[];
  /** What else the picture must be. */
  check?(pixels: Pixels, at: (x: number, y: number) => [number, number, number, number]): void;
  /** The sentence that it ends with instead, at opening or at the first frame. */
  readonly fails?: RegExp;
  /** The sentence that comes with the picture. */
  readonly warns?: RegExp;
}
