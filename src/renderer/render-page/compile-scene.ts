import type { Camera, Scene } from 'three';
import type { Graphics } from './graphics';

/** Programs already checked; those of an earlier attempt remain attached to their materials. */
const checked = new WeakSet<WebGLProgram>();

/**
 * Compiles a scene's shaders. A GPU may allow only sixteen textures per material; where the material's own textures use
 * them up, our shadows, which glTF does not require, are dropped one by one.
 *
 * @throws RenderFailure where a material does not compile without shadows either (final), or the context was lost
 */
export async function compileScene(
  graphics: Graphics,
  scene: Scene,
  camera: Camera,
  dropShadow: () => boolean,
): Promise<void> {
  const { renderer } = graphics;
  for (;;) {
    await renderer.compileAsync(scene, camera);
    graphics.check();
    const fault = firstFault(graphics);
    if (fault === null) return;
    const failure = graphics.materialFailure(fault);
    if (!failure.final || !dropShadow()) throw failure;
  }
}

function firstFault({ renderer, gl }: Graphics): string | null {
  let fault: string | null = null;
  for (const { program } of (renderer.info.programs ?? []) as unknown as { program: WebGLProgram }[]) {
    if (checked.has(program)) continue;
    checked.add(program);
    if (gl.getProgramParameter(program, gl.LINK_STATUS) || gl.isContextLost()) continue;
    fault ??= (gl.getProgramInfoLog(program) ?? '').replace(/\s+/g, ' ').trim().slice(0, 300);
  }
  return fault;
}
