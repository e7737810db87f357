import { LinearSRGBColorSpace, NoToneMapping, PCFShadowMap, WebGLRenderer } from 'three';
import { RenderFailure } from './render-failure';

/** The graphics of this page: one WebGL 2 context, drawn to a canvas that is never shown. */
export interface Graphics {
  readonly renderer: WebGLRenderer;
  readonly canvas: OffscreenCanvas;
  readonly gl: WebGL2RenderingContext;
  /** The largest image side, in pixels. */
  readonly maxSide: number;
  /** @throws RenderFailure when the context is lost or a shader did not compile since the last call */
  check(): void;
}

/** How often WebGL is tried for, and the milliseconds in between. */
const TRIES = 3;
const PAUSE = 1_000;

/**
 * Opens the graphics. A browser whose graphics process has just died (a driver's crash, too little memory) answers as one that has no WebGL: it is given time to start another.
 *
 * @throws RenderFailure, final, when the machine's graphics are not good enough
 */
export async function openGraphics(onLost: () => void): Promise<Graphics> {
  for (let tries = 1; ; tries++) {
    try {
      return createGraphics(onLost);
    } catch (error) {
      if (tries >= TRIES) throw error;
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
  }
}

function createGraphics(onLost: () => void): Graphics {
  const canvas = new OffscreenCanvas(16, 16);
  let renderer: WebGLRenderer;
  try {
    renderer = new WebGLRenderer({
      canvas,
      antialias: false,
      alpha: false,
      depth: false,
      stencil: false,
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
    shaderError ??= log.join(' ').replace(/\s+/g, ' ').trim().slice(0, 300) || 'no reason given';
  };
  renderer.setPixelRatio(1);
  // Tone mapping and the conversion to sRGB come after all samples are gathered; see sampler.ts.
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
    check() {
      if (lost || gl.isContextLost())
        throw new RenderFailure('The graphics driver gave the page up (WebGL context lost).', false);
      if (shaderError !== null) {
        const message = `A material of the scene does not compile on this machine’s graphics: ${shaderError}`;
        shaderError = null;
        throw new RenderFailure(message, true);
      }
    },
  };
}

/** Lets messages in: settles in a new task of the event loop, sooner than the shortest timer would. */
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

/** Settles when the GPU has done what it was given before `mark` was made; the event loop goes on meanwhile, however long it takes. */
export async function gpuDone(graphics: Graphics, mark: WebGLSync): Promise<void> {
  const { gl } = graphics;
  const start = performance.now();
  try {
    for (;;) {
      graphics.check();
      const status = gl.clientWaitSync(mark, 0, 0);
      if (status === gl.ALREADY_SIGNALED || status === gl.CONDITION_SATISFIED) return;
      if (status === gl.WAIT_FAILED) throw new RenderFailure('The graphics driver failed while drawing.', false);
      // In software the GPU is this machine's own processor: don't take it away by asking.
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
