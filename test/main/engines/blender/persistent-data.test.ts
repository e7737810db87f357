import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { startBlender } from '../../../../src/main/engines/blender/blender-process';
import { startBlenderWorker } from '../../../../src/main/engines/blender/blender-worker';
import { decodePng } from '../../../helpers/decode-png';
import { eachBlender, pathOf } from '../../../helpers/needs';
import { USUAL } from '../../../helpers/render-frame';
import { temporaryFolder } from '../../../helpers/temporary-folder';

/** Files with Persistent Data on: one whose cube moves and then stands still, blurred and not. */
const script = `
import bpy, math, os, sys
folder = sys.argv[-1]
bpy.ops.wm.read_factory_settings(use_empty=True)
scene = bpy.context.scene
scene.render.engine, scene.render.use_persistent_data = "CYCLES", True
scene.render.resolution_x, scene.render.resolution_y = 48, 27
scene.cycles.samples, scene.cycles.use_denoising, scene.render.motion_blur_shutter = 8, False, 1
scene.frame_start, scene.frame_end = 1, 4
bpy.ops.object.camera_add(location=(0, -8, 0), rotation=(math.pi / 2, 0, 0))
scene.camera = bpy.context.object
bpy.ops.mesh.primitive_cube_add(size=2)
for frame, x in ((1, -2), (2, 0)):
    bpy.context.object.location.x = x
    bpy.context.object.keyframe_insert("location", frame=frame)
scene.world = bpy.data.worlds.new("World")
for name in ("sharp", "blurred"):
    scene.render.use_motion_blur = name == "blurred"
    bpy.ops.wm.save_as_mainfile(filepath=os.path.join(folder, name + ".blend"))
`;

eachBlender('Persistent Data', () => {
  it('is the file’s choice, and not used where a frame would show what was there before', async () => {
    const folder = temporaryFolder();
    const executable = pathOf('blender');
    const options = { executable, factoryStartup: true, allowScripts: false };
    const making = await startBlender({ ...options, script, scriptArguments: [folder] });
    const { code } = await making.ended;
    expect(code, making.log().join('\n')).toBe(0);
    await making.close();

    /** @returns each frame’s picture, and what was said of them */
    async function rendered(name: string, frames: readonly number[]) {
      const worker = await startBlenderWorker(options);
      onTestFinished(() => worker.stop());
      const warnings = new Set<string>();
      const pictures = new Map<number, number[][]>();
      for (const frame of frames) {
        const place = join(folder, `${name}-${frames.join('-')}-${frame}`);
        mkdirSync(place);
        const { files, warnings: said } = await worker.render(
          { ...USUAL, scene: join(folder, `${name}.blend`), frame, width: 48, height: 27, samples: 8, folder: place },
          () => undefined,
          new AbortController().signal,
        );
        for (const text of said) warnings.add(text);
        const picture = decodePng(readFileSync(files[0]!.path));
        pictures.set(
          frame,
          Array.from({ length: 48 * 27 }, (_, pixel) => picture.at(pixel % 48, Math.floor(pixel / 48))),
        );
      }
      await worker.stop();
      return { warnings: [...warnings], pictures };
    }

    expect((await rendered('sharp', [1, 2])).warnings).toEqual([]);
    const [inOrder, alone] = await Promise.all([rendered('blurred', [1, 2, 3]), rendered('blurred', [3])]);
    expect(inOrder.warnings).toEqual([
      'Persistent Data is on in the file but not used: Blender could reuse parts of earlier frames here (motion blur).',
    ]);
    expect(inOrder.pictures.get(3)).toEqual(alone.pictures.get(3));
    expect(inOrder.pictures.get(3)).not.toEqual(inOrder.pictures.get(1));
  });
});
