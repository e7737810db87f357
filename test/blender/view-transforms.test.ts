import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { exrLinear } from '../../src/main/images/exr-tasks';
import { type ViewTransform, developImage } from '../../src/renderer/model/develop-image';
import { decodeLinearImage } from '../../src/shared/linear-image';
import { decodePng } from '../helpers/decode-png';
import { blenderVersion, eachBlender, pathOf } from '../helpers/needs';
import { temporaryFolder } from '../helpers/temporary-folder';

/** Side of the picture: 16 values of red, green and blue each. */
const SIDE = 64;

/** Lights from 2⁻⁸ to 2⁴ in all combinations, as OpenEXR, and as PNG through each view transform. */
const script = (folder: string, views: readonly string[]): string => `
import bpy
scene = bpy.context.scene
values = [2 ** (-8 + 12 * step / 15) for step in range(16)]
pixels = [x for r in values for g in values for b in values for x in (r, g, b, 1)]
image = bpy.data.images.new("lights", ${SIDE}, ${SIDE}, float_buffer=True)
image.colorspace_settings.name = "Linear" if bpy.app.version < (4, 0) else "Linear Rec.709"
image.pixels.foreach_set(pixels)
image.update()
scene.render.dither_intensity = 0
target = scene.render.image_settings
target.file_format, target.color_depth = "OPEN_EXR", "32"
image.save_render(${JSON.stringify(join(folder, 'lights.exr'))}, scene=scene)
target.file_format, target.color_mode, target.color_depth = "PNG", "RGB", "8"
for view in ${JSON.stringify(views)}:
    scene.view_settings.view_transform = view
    image.save_render(${JSON.stringify(folder)} + "/" + view + ".png", scene=scene)
`;

eachBlender('view transforms', () => {
  it('are Blender’s, within a step on average', async () => {
    const folder = temporaryFolder();
    const views: Readonly<Record<string, ViewTransform>> = {
      Standard: 'standard',
      Filmic: 'filmic',
      ...(Number.parseInt(blenderVersion(), 10) >= 4 && { AgX: 'agx' }),
    };
    await promisify(execFile)(pathOf('blender'), [
      '--background',
      '--factory-startup',
      '--python-exit-code',
      '1',
      '--python-expr',
      script(folder, Object.keys(views)),
    ]);
    const encoded = (await exrLinear(join(folder, 'lights.exr')))!;
    const light = decodeLinearImage(encoded.buffer)!;
    for (const [name, view] of Object.entries(views)) {
      const theirs = decodePng(readFileSync(join(folder, `${name}.png`)));
      const { rgba } = developImage(light, { exposure: 0, view });
      let sum = 0;
      for (let at = 0; at < rgba.length; at++)
        sum += Math.abs(rgba[at]! - theirs.at((at >> 2) % SIDE, Math.floor(at / 4 / SIDE))[at % 4]!);
      expect((sum / rgba.length) * (4 / 3), name).toBeLessThan(1);
    }
  });
});
