import { LinearSRGBColorSpace, NoToneMapping, PCFShadowMap, WebGLRenderer } from 'three';
import { RenderFailure } from './render-failure';

/** A page's or worker's graphics: one WebGL 2 context on a canvas. */
export interface Graphics {
  readonly renderer: WebGLRenderer;
  readonly canvas: OffscreenCanvas;
  readonly gl: WebGL2RenderingContext;
  /** Maximum image side, in pixels. */
  readonly maxSide: number;
  /** The canvas's content: RGBA, bottom row first. */
  readPixels(): Uint8Array;
  /** @throws RenderFailure when the context was lost or a shader failed to compile since the last call */
  check(): void;
  /** Whether the driver has refused a call since the last time, such as a draw call. Waits for it: not for every frame. */
  hasRefused(): boolean;
  /**
   * The failure of a material that does not compile: final, unless the context compiles nothing at all any more. A
   * browser may take a while to notice that its GPU process has died, and until then a lost context looks like this.
   */
  materialFailure(reason: string): RenderFailure;
}

/** Attempts to create a WebGL context, and the delay between them in milliseconds. */
const TRIES = 3;
const PAUSE = 1_000;

/**
 * Creates the WebGL context. A browser whose GPU process has just died (a driver crash, out of memory) behaves like one
 * without WebGL: the retries give it time to start a new one.
 *
 * @param canvas one that is never displayed, if none is given
 * @throws RenderFailure, final, when the machine's graphics are insufficient
 */
export async function openGraphics(onLost: () => void, canvas = new OffscreenCanvas(16, 16)): Promise<Graphics> {
  for (let tries = 1; ; tries++) {
    try {
      return createGraphics(onLost, canvas);
    } catch (error) {
      if (tries >= TRIES) throw error;
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
  }
}

function createGraphics(onLost: () => void, canvas: OffscreenCanvas): Graphics {
  let renderer: WebGLRenderer;
  try {
    renderer = new WebGLRenderer({
      canvas,
      antialias: false,
      alpha: true,
      premultipliedAlpha: false,
      depth: false,
      stencil: false,
      // Depths as floats that end at 0, see sampler.ts: as exact five kilometres away as near the camera.
      reversedDepthBuffer: true,
      preserveDrawingBuffer: true,
      powerPreference: 'high-performance',
    });
  } catch {
    throw new RenderFailure(
      'This machine’s browser has no WebGL 2: update it or the graphics driver, or set FRAMEGAUGE_GPU=off to render in software.',
      true,
    );
  }
  const gl = renderer.getContext() as WebGL2RenderingContext;
  if (!gl.getExtension('EXT_color_buffer_float')) {
    throw new RenderFailure(
      'This machine’s graphics cannot draw to floating-point images: set FRAMEGAUGE_GPU=off to render in software.',
      true,
    );
  }
  let lost = false;
  let shaderError: string | null = null;
  canvas.addEventListener('webglcontextlost', () => {
    lost = true;
    onLost();
  });
  renderer.debug.onShaderError = (context, program, vertex, fragment) => {
    const log = [
      context.getProgramInfoLog(program),
      context.getShaderInfoLog(vertex),
      context.getShaderInfoLog(fragment),
    ];
    shaderError ??= log.join(' ').replace(/\s+/g, ' ').trim().slice(0, 300);
  };
  const isLost = (): boolean => lost || gl.isContextLost();
  const gaveUp = (): RenderFailure =>
    new RenderFailure('The graphics driver gave the page up (WebGL context lost).', false);
  function materialFailure(reason: string): RenderFailure {
    if (isLost() || !links(gl)) return gaveUp();
    return new RenderFailure(
      `A material of the scene does not compile on this machine’s graphics: ${reason || 'no reason given'}`,
      true,
    );
  }
  // The limits that a lost context states are not this machine's.
  if (isLost() || !links(gl)) throw gaveUp();
  renderer.setPixelRatio(1);
  // Tone mapping and the conversion to sRGB happen after all samples are summed; see sampler.ts.
  renderer.toneMapping = NoToneMapping;
  renderer.outputColorSpace = LinearSRGBColorSpace;
  renderer.shadowMap.enabled = true;
  renderer.shadowMap.type = PCFShadowMap;
  renderer.shadowMap.autoUpdate = false;
  renderer.info.autoReset = false;
  return {
    renderer,
    canvas,
    gl,
    maxSide: Math.min(renderer.capabilities.maxTextureSize, ...(gl.getParameter(gl.MAX_VIEWPORT_DIMS) as Int32Array)),
    readPixels() {
      const pixels = new Uint8Array(gl.drawingBufferWidth * gl.drawingBufferHeight * 4);
      gl.readPixels(0, 0, gl.drawingBufferWidth, gl.drawingBufferHeight, gl.RGBA, gl.UNSIGNED_BYTE, pixels);
      return pixels;
    },
    check() {
      if (isLost()) throw gaveUp();
      if (shaderError === null) return;
      const reason = shaderError;
      shaderError = null;
      throw materialFailure(reason);
    },
    hasRefused() {
      let refused = false;
      // WebGL has a few flags; each is told once.
      for (let i = 0; i < 8 && gl.getError() !== gl.NO_ERROR; i++) refused = true;
      return refused;
    },
    materialFailure,
  };
}

/** Whether the context compiles and links the simplest program. */
function links(gl: WebGL2RenderingContext): boolean {
  const program = gl.createProgram() as WebGLProgram | null;
  if (!program) return false;
  for (const [type, source] of [
    [gl.VERTEX_SHADER, 'void main() { gl_Position = vec4(0); }'],
    [gl.FRAGMENT_SHADER, 'precision lowp float; void main() { gl_FragColor = vec4(0); }'],
  ] as const) {
    const shader = gl.createShader(type);
    if (!shader) return false;
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
    gl.deleteShader(shader);
  }
  gl.linkProgram(program);
  const linked = gl.getProgramParameter(program, gl.LINK_STATUS) === true;
  gl.deleteProgram(program);
  return linked;
}

/** Yields to the event loop, so that messages are processed; resumes sooner than the shortest timer would. */
export function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    const channel = new MessageChannel();
    channel.port1.addEventListener('message', () => {
      channel.port1.close();
      resolve();
    });
    channel.port1.start();
    channel.port2.postMessage(null);
  });
}

/**
 * Settles when the GPU has completed everything issued before `mark`; the event loop keeps running however long that
 * takes.
 */
export async function gpuDone(graphics: Graphics, mark: WebGLSync): Promise<void> {
  const { gl } = graphics;
  const start = performance.now();
  try {
    for (;;) {
      graphics.check();
      const status = gl.clientWaitSync(mark, 0, 0);
      if (status === gl.ALREADY_SIGNALED || status === gl.CONDITION_SATISFIED) return;
      if (status === gl.WAIT_FAILED) throw new RenderFailure('The graphics driver failed while drawing.', false);
      // With software rendering, the GPU is this machine's own CPU: don't waste it on polling.
      await (performance.now() - start < 1 ? nextTask() : new Promise((resolve) => setTimeout(resolve, 1)));
    }
  } finally {
    gl.deleteSync(mark);
  }
}

export function gpuMark(graphics: Graphics): WebGLSync {
  const mark = graphics.gl.fenceSync(graphics.gl.SYNC_GPU_COMMANDS_COMPLETE, 0);
  graphics.gl.flush();
  if (!mark) {
    graphics.check();
    throw new RenderFailure('The graphics driver failed while drawing.', false);
  }
  return mark;
}
