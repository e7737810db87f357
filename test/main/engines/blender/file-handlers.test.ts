import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { startBlender } from '../../../../src/main/engines/blender/blender-process';
import { startBlenderWorker } from '../../../../src/main/engines/blender/blender-worker';
import { eachBlender, pathOf } from '../../../helpers/needs';
import { renderFrame } from '../../../helpers/render-frame';
import { temporaryFolder } from '../../../helpers/temporary-folder';

/** Sets up handlers that outlast the file: in a module on the disk, and in texts of the file. */
const module = `
import bpy
@bpy.app.handlers.persistent
def tell(*_):
    print("handler of the module")
bpy.app.handlers.render_pre.append(tell)
`;

const making = `
import bpy, os, sys
bpy.ops.wm.read_factory_settings(use_empty=True)
scene = bpy.context.scene
scene.render.engine = "CYCLES"
scene.cycles.use_denoising = False
bpy.ops.object.camera_add()
scene.camera = bpy.context.object
text = bpy.data.texts.new("setup.py")
text.write('''
import bpy, os, sys
sys.path.append(os.path.dirname(bpy.data.filepath))
import rig_of_ours
class Rig:
    @bpy.app.handlers.persistent
    def tell(*_):
        print("handler of the text")
bpy.app.handlers.render_pre.append(Rig.tell)
''')
text.use_module = True
other = bpy.data.texts.new("rigs/other.py")
other.write('''
import bpy
persistent, render_pre = bpy.app.handlers.persistent, bpy.app.handlers.render_pre
render_pre.append(persistent(lambda *_: print("handler of a lambda")))
exec("def tell(*_): print('handler of exec')", made := {})
render_pre.append(persistent(made["tell"]))
''')
other.use_module = True
bpy.ops.wm.save_as_mainfile(filepath=os.path.join(sys.argv[-1], "rigged.blend"))
`;

eachBlender('handlers that scripts of a file set up', () => {
  it('run once for a frame, however often the file was loaded', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'rig_of_ours.py'), module);
    const start = { executable: pathOf('blender'), factoryStartup: true, allowScripts: true };
    const scene = await startBlender({ ...start, script: making, scriptArguments: [folder] });
    const { code } = await scene.ended;
    await scene.close();
    expect(code).toBe(0);
    const worker = await startBlenderWorker(start);
    onTestFinished(() => worker.stop());
    const request = { scene: join(folder, 'rigged.blend'), frame: 1, width: 16, height: 16 };
    // Other samples load the file anew.
    for (const samples of [1, 2, 3]) {
      const { log } = await renderFrame(worker, { ...request, samples });
      expect(log.filter((line) => line.startsWith('handler')).toSorted()).toEqual([
        'handler of a lambda',
        'handler of exec',
        'handler of the module',
        'handler of the text',
      ]);
    }
  });
});
