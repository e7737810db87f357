import {
  HalfFloatType,
  LinearFilter,
  LinearMipmapLinearFilter,
  RGBAFormat,
  type Texture,
  WebGLCubeRenderTarget,
  type WebGLRenderer,
} from 'three';
import file from './neutral-room.bin?url';
import { RenderFailure } from './render-failure';
import { unpackRoom } from './unpack-room';

/** Length of an edge of the first and of the last level, in pixels: those that PMREMGenerator makes. */
const [LARGEST, SMALLEST] = [256, 8];
/** 1.0 as a half float. */
const ONE = 0x3c00;

let room: Promise<Texture> | null = null;

/**
 * Light of three.js's RoomEnvironment, filtered for every roughness. Drawing and filtering it takes seven to eleven
 * seconds of processor time without a GPU, and it is always the same: so it comes as a file, made by
 * scripts/neutral-room.mjs. Nor does it change with the way in which lamps of scenes are drawn here.
 *
 * @throws RenderFailure when the host could not be reached
 */
export function neutralRoom(renderer: WebGLRenderer): Promise<Texture> {
  if (room) return room;
  const loading = load(renderer);
  room = loading;
  // Another try may reach it.
  loading.catch(() => (room = null));
  return loading;
}

async function load(renderer: WebGLRenderer): Promise<Texture> {
  let values: Uint16Array;
  try {
    const answer = await fetch(file);
    if (!answer.ok) throw new Error(answer.statusText);
    const bytes = new Response(answer.body!.pipeThrough(new DecompressionStream('gzip')));
    values = unpackRoom(new Uint8Array(await bytes.arrayBuffer()));
  } catch {
    throw new RenderFailure('The host did not hand out the light of the surroundings.', false);
  }
  return upload(renderer, values);
}

/** As PMREMGenerator's own result: a target, since textures that are uploaded as cubes are mirrored when they are read. */
function upload(renderer: WebGLRenderer, values: Uint16Array): Texture {
  const target = new WebGLCubeRenderTarget(LARGEST, {
    magFilter: LinearFilter,
    minFilter: LinearMipmapLinearFilter,
    generateMipmaps: false,
    type: HalfFloatType,
    format: RGBAFormat,
    depthBuffer: false,
  });
  const { texture } = target;
  const sizes: number[] = [];
  for (let size = LARGEST; size >= SMALLEST; size /= 2) sizes.push(size);
  Object.assign(texture, { isPMREMTexture: true, mipmaps: sizes.map((size) => ({ width: size, height: size })) });
  renderer.initRenderTarget(target);
  const gl = renderer.getContext() as WebGL2RenderingContext;
  const { state, properties } = renderer;
  const handle = (properties.get(texture) as { readonly __webglTexture: WebGLTexture }).__webglTexture;
  state.bindTexture(gl.TEXTURE_CUBE_MAP, handle);
  state.pixelStorei(gl.UNPACK_FLIP_Y_WEBGL, false);
  let at = 0;
  for (const [level, size] of sizes.entries())
    for (let face = 0; face < 6; face++) {
      const pixels = new Uint16Array(size * size * 4).fill(ONE);
      for (let pixel = 0; pixel < pixels.length; pixel += 4) pixels.fill(values[at++]!, pixel, pixel + 3);
      const to = gl.TEXTURE_CUBE_MAP_POSITIVE_X + face;
      gl.texSubImage2D(to, level, 0, 0, size, size, gl.RGBA, gl.HALF_FLOAT, pixels);
    }
  state.unbindTexture();
  return texture;
}
