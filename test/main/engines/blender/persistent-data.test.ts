import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { startBlender } from '../../../../src/main/engines/blender/blender-process';
import { startBlenderWorker } from '../../../../src/main/engines/blender/blender-worker';
import { decodePng } from '../../../helpers/decode-png';
import type { Worker } from '../../../../src/main/engines/render-engine';
import { eachBlender, pathOf } from '../../../helpers/needs';
import { USUAL } from '../../../helpers/render-frame';
import { temporaryFolder } from '../../../helpers/temporary-folder';

/** What Blender keeps too long, by the names of files that have it, each with Persistent Data on. */
const KINDS: Readonly<Record<string, string>> = {
  animated: 'animated settings of the scene',
  blurred: 'motion blur',
  unbaked: 'physics that is not baked',
  subdivided: 'adaptive subdivision',
  hair: 'hair',
  displaced: 'displacement',
  movie: 'movies or sequences without Auto Refresh',
};

/** Those, and one with none of them: its cube moves and then stands still. */
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
cube = bpy.context.object
def save(name):
    bpy.ops.wm.save_as_mainfile(filepath=os.path.join(folder, name + ".blend"))
save("sharp")
scene.render.use_motion_blur = True
save("blurred")
scene.render.use_motion_blur = False
scene.cycles.keyframe_insert("samples", frame=1)
save("animated")
scene.animation_data_clear()
cube.modifiers.new("Cloth", "CLOTH")
save("unbaked")
cube.modifiers.clear()
subdivision = cube.modifiers.new("Subdivision", "SUBSURF")
owner = subdivision if bpy.app.version >= (5, 0) else cube.cycles
owner.use_adaptive_subdivision = True
# Only instanced, as what is linked from a library.
instance, collection = bpy.data.objects.new("Instance", None), bpy.data.collections.new("Asset")
scene.collection.objects.link(instance)
instance.instance_type, instance.instance_collection = "COLLECTION", collection
collection.objects.link(cube)
scene.collection.objects.unlink(cube)
save("subdivided")
owner.use_adaptive_subdivision = False
cube.modifiers.clear()
scene.collection.objects.link(cube)
cube.modifiers.new("Hair", "PARTICLE_SYSTEM").particle_system.settings.type = "HAIR"
save("hair")
cube.modifiers.clear()
material = bpy.data.materials.new("Material")
material.use_nodes = True
cube.data.materials.append(material)
holder = material if hasattr(material, "displacement_method") else material.cycles
holder.displacement_method = "DISPLACEMENT"
save("displaced")
holder.displacement_method = "BUMP"
node = material.node_tree.nodes.new("ShaderNodeTexImage")
node.image = bpy.data.images.new("Movie", 4, 4)
node.image.source, node.image_user.use_auto_refresh = "MOVIE", False
save("movie")
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

    async function start(): Promise<Worker> {
      const worker = await startBlenderWorker(options);
      onTestFinished(() => worker.stop());
      return worker;
    }

    /** @returns each frame’s picture, and what was said of them */
    async function rendered(name: string, frames: readonly number[], worker?: Worker) {
      worker ??= await start();
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
      return { warnings: [...warnings], pictures };
    }

    const one = await start();
    expect((await rendered('sharp', [1, 2], one)).warnings).toEqual([]);
    for (const [name, kind] of Object.entries(KINDS))
      expect((await rendered(name, [1], one)).warnings, name).toContain(
        `Persistent Data is on in the file but not used: Blender could reuse parts of earlier frames here (${kind}).`,
      );
    const [inOrder, alone] = await Promise.all([rendered('blurred', [1, 2, 3]), rendered('blurred', [3])]);
    expect(inOrder.warnings).toEqual([
      'Persistent Data is on in the file but not used: Blender could reuse parts of earlier frames here (motion blur).',
    ]);
    expect(inOrder.pictures.get(3)).toEqual(alone.pictures.get(3));
    expect(inOrder.pictures.get(3)).not.toEqual(inOrder.pictures.get(1));
  });
});
