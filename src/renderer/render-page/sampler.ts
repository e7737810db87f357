import {
  Color,
  DepthTexture,
  FloatType,
  GLSL3,
  HalfFloatType,
  NearestFilter,
  NoBlending,
  RawShaderMaterial,
  Vector2,
  WebGLRenderTarget,
  type OrthographicCamera,
  type PerspectiveCamera,
  type Scene,
  type Texture,
} from 'three';
import { FullScreenQuad } from 'three/examples/jsm/postprocessing/Pass.js';
import { showBlendedBehindGlass } from './behind-glass';
import { compileScene } from './compile-scene';
import { gpuDone, gpuMark, type Graphics } from './graphics';
import { sampleOffset } from './halton';
import { RenderFailure } from './render-failure';

const VERTEX = /* glsl */ `
in vec3 position;
void main() { gl_Position = vec4(position.xy, 0.0, 1.0); }`;

/** Adds one sample to the sum so far. A NaN would blacken its pixel for good, so it counts as zero. */
const ADD = /* glsl */ `
precision highp float;
uniform sampler2D sum;
uniform sampler2D image;
uniform vec2 shift;
uniform bool first;
out vec4 result;
void main() {
  ivec2 pixel = ivec2(gl_FragCoord.xy);
  vec4 light = texelFetch(image, pixel + ivec2(shift), 0);
  light = mix(clamp(light, 0.0, 65504.0), vec4(0.0), isnan(light));
  result = first ? light : light + texelFetch(sum, pixel, 0);
}`;

/**
 * Converts summed light to image bytes: mean, tone mapping (Khronos PBR Neutral, which preserves a material's base
 * colours), sRGB, and half a step of noise that depends on nothing but the pixel, to avoid banding in soft backgrounds
 * (Blender dithers for the same reason).
 */
const DEVELOP = /* glsl */ `
precision highp float;
uniform sampler2D sum;
uniform float weight;
uniform bool transparent;
out vec4 result;
#include <tonemapping_pars_fragment>
#include <colorspace_pars_fragment>
void main() {
  ivec2 pixel = ivec2(gl_FragCoord.xy);
  vec4 mean = texelFetch(sum, pixel, 0) * weight;
  // Light is gathered as much as it covers the pixel; files keep the colour of what covers it, and how much it does,
  // apart.
  float alpha = transparent ? clamp(mean.a, 0.0, 1.0) : 1.0;
  vec3 light = NeutralToneMapping(transparent ? mean.rgb / max(alpha, 1e-4) : mean.rgb);
  vec3 color = sRGBTransferOETF(vec4(clamp(light, 0.0, 1.0), 1.0)).rgb;
  float noise = fract(52.9829189 * fract(dot(gl_FragCoord.xy, vec2(0.06711056, 0.00583715)))) - 0.5;
  result = alpha * 255.0 < 0.5 ? vec4(0.0) : vec4(color + noise / 255.0, alpha);
}`;

/**
 * Shadows are softened with noise that is fixed to the target's pixels. Shifting each sample by some of these pixels
 * gives it different noise, which then averages out.
 */
const SHIFTS = 8;

function target(
  width: number,
  height: number,
  type: typeof HalfFloatType | typeof FloatType,
  depthBuffer: boolean,
): WebGLRenderTarget {
  return new WebGLRenderTarget(width, height, {
    type,
    depthBuffer,
    // Of 24 bits, surfaces a few metres apart would show through each other from some kilometres away.
    depthTexture: depthBuffer ? new DepthTexture(width, height, FloatType) : null,
    magFilter: NearestFilter,
    minFilter: NearestFilter,
    generateMipmaps: false,
  });
}

export interface SampleJob {
  readonly scene: Scene;
  readonly camera: PerspectiveCamera | OrthographicCamera;
  /** In pixels. */
  readonly width: number;
  readonly height: number;
  readonly samples: number;
  /** Linear colour of pixels that nothing covers. */
  readonly background: Color;
  /** Transparent instead of the background; glass, as in Blender, is opaque all the same and shows the background. */
  readonly transparent: boolean;
  /** Requests fewer shadows where a material exceeds the texture limit. @returns false where there are none left */
  readonly dropShadow: () => boolean;
  readonly signal: AbortSignal;
  readonly onSample: (done: number) => void;
}

/** Renders images by summing floating-point samples, each with a slightly shifted camera. */
export interface Sampler {
  /** Leaves the finished image on the canvas. @throws RenderFailure */
  render(job: SampleJob): Promise<void>;
}

export function createSampler(graphics: Graphics): Sampler {
  const { renderer, canvas } = graphics;
  const add = new RawShaderMaterial({
    glslVersion: GLSL3,
    vertexShader: VERTEX,
    fragmentShader: ADD,
    blending: NoBlending,
    depthTest: false,
    depthWrite: false,
    uniforms: {
      sum: { value: null as Texture | null },
      image: { value: null as Texture | null },
      shift: { value: new Vector2() },
      first: { value: true },
    },
  });
  const develop = new RawShaderMaterial({
    glslVersion: GLSL3,
    vertexShader: VERTEX,
    fragmentShader: DEVELOP,
    blending: NoBlending,
    depthTest: false,
    depthWrite: false,
    uniforms: {
      sum: { value: null as Texture | null },
      weight: { value: 1 },
      transparent: { value: false },
      toneMappingExposure: { value: 1 },
    },
  });
  const addPass = new FullScreenQuad(add);
  const developPass = new FullScreenQuad(develop);
  const compiled = new WeakSet<Scene>();
  // Before three.js renders what is seen through glass, it clears with half-transparent white if the background is
  // transparent.
  const behindGlass = new Color();
  const setClearColor = renderer.setClearColor.bind(renderer);
  renderer.setClearColor = (color, alpha) =>
    color === 0xffffff && alpha === 0.5 ? setClearColor(behindGlass, 1) : setClearColor(color, alpha);
  let drawn: Scene | null = null;
  showBlendedBehindGlass(renderer, () => drawn);
  let image: WebGLRenderTarget | null = null;
  let sums: [WebGLRenderTarget, WebGLRenderTarget] | null = null;

  function resize(width: number, height: number): void {
    if (sums?.[0].width === width && sums[0].height === height) return;
    image?.dispose();
    sums?.forEach((sum) => sum.dispose());
    image = target(width + SHIFTS, height + SHIFTS, HalfFloatType, true);
    sums = [target(width, height, FloatType, false), target(width, height, FloatType, false)];
    renderer.setSize(width, height, false);
  }

  return {
    async render({ scene, camera, width, height, samples, background, transparent, dropShadow, signal, onSample }) {
      if (Math.max(width, height) + SHIFTS > graphics.maxSide) {
        throw new RenderFailure(
          `This machine’s graphics can render at most ${graphics.maxSide - SHIFTS} pixels a side, not ${width} × ${height}: choose a smaller size.`,
          true,
        );
      }
      resize(width, height);
      if (
        canvas.width !== width ||
        graphics.gl.drawingBufferWidth !== width ||
        graphics.gl.drawingBufferHeight !== height
      ) {
        // A browser whose GPU process has just died also ends up here before it notices; a retry will tell.
        graphics.check();
        throw new RenderFailure(
          `This machine’s graphics cannot hold an image of ${width} × ${height} pixels: choose a smaller size.`,
          false,
        );
      }
      if (!compiled.has(scene)) {
        // Compiling during the first render would block the page for as long as it takes.
        renderer.setRenderTarget(image);
        await compileScene(graphics, scene, camera, dropShadow);
        renderer.setRenderTarget(null);
        graphics.check();
        if (signal.aborted) throw new RenderFailure('The frame was given up.', false);
        compiled.add(scene);
      }
      scene.background = transparent ? null : background;
      behindGlass.copy(background);
      renderer.setClearColor(0x000000, 0);
      renderer.shadowMap.needsUpdate = true;
      const marks: WebGLSync[] = [];
      try {
        for (let sample = 0; sample < samples; sample++) {
          const offset = sampleOffset(sample, samples);
          const shift = { x: (sample * 5) % SHIFTS, y: (sample * 3 + Math.floor(sample / SHIFTS)) % SHIFTS };
          camera.setViewOffset(width, height, offset.x, offset.y, width, height);
          image!.viewport.set(shift.x, shift.y, width, height);
          image!.scissor.copy(image!.viewport);
          image!.scissorTest = true;
          renderer.setRenderTarget(image);
          drawn = scene;
          renderer.render(scene, camera);
          drawn = null;
          const [from, to] = sample % 2 === 0 ? [sums![0], sums![1]] : [sums![1], sums![0]];
          add.uniforms['sum']!.value = from.texture;
          add.uniforms['image']!.value = image!.texture;
          (add.uniforms['shift']!.value as Vector2).set(shift.x, shift.y);
          add.uniforms['first']!.value = sample === 0;
          renderer.setRenderTarget(to);
          addPass.render(renderer);
          graphics.check();
          marks.push(gpuMark(graphics));
          // One sample is rendered while the next is prepared; queueing more would only delay an abort.
          if (marks.length > 1) {
            await gpuDone(graphics, marks.shift()!);
            onSample(sample);
          }
          if (signal.aborted) throw new RenderFailure('The frame was given up.', false);
        }
        develop.uniforms['sum']!.value = sums![samples % 2]!.texture;
        develop.uniforms['weight']!.value = 1 / samples;
        develop.uniforms['transparent']!.value = transparent;
        renderer.setRenderTarget(null);
        developPass.render(renderer);
        marks.push(gpuMark(graphics));
        while (marks.length > 0) await gpuDone(graphics, marks.shift()!);
        onSample(samples);
        if (signal.aborted) throw new RenderFailure('The frame was given up.', false);
      } finally {
        drawn = null;
        for (const mark of marks) graphics.gl.deleteSync(mark);
        camera.clearViewOffset();
        renderer.setRenderTarget(null);
      }
    },
  };
}
