import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { delimiter, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { percentile } from './percentile';
import type { Row } from './report';

const run = promisify(execFile);
const FRAMES = 100;
/** Each way of rendering is taken in turn, so that what else the machine does meets all of them alike. */
const ROUNDS = 5;
const COMMAND = resolve(import.meta.dirname, '../bin/framegauge.mjs');

/** Start-up included, the wall time of 100 frames of 160×90 with 4 samples: Blender alone against this program with one and with two workers. */
export async function benchBlender(folder: string): Promise<Row[]> {
  const blender = (process.env['PATH'] ?? '').split(delimiter).map((path) => join(path, 'blender')).find((file) => existsSync(file));
  if (!blender) return [{ what: 'frames of Blender', value: 'skipped', goal: '', detail: 'no Blender is installed; to enable: apt-get install -y --no-install-recommends blender' }];
  const scene = await makeScene(blender, folder);
  const ways = {
    blender: () => alike([blender, '-b', scene, '-o', join(folder, 'frames', '####'), '-a']),
    one: () => render(scene, folder, 1),
    two: () => render(scene, folder, 2),
  };
  const seconds: Record<keyof typeof ways, number[]> = { blender: [], one: [], two: [] };
  for (let round = 0; round < ROUNDS; round++) {
    for (const way of ['blender', 'one', 'two'] as const) {
      const output = join(folder, 'frames');
      await rm(output, { recursive: true, force: true });
      await mkdir(output, { recursive: true });
      const begun = performance.now();
      await ways[way]();
      seconds[way].push((performance.now() - begun) / 1000);
      const written = (await readdir(output)).length;
      if (written !== FRAMES) throw new Error(`${way} wrote ${written} of ${FRAMES} frames`);
    }
  }
  const alone = percentile(seconds.blender, 0.5);
  return (['one', 'two'] as const).map((way) => ({
    what: `${FRAMES} frames of Blender against blender -a, ${way} worker${way === 'one' ? '' : 's'}, start-up included`,
    value: percentile(seconds[way].map((value, round) => value / seconds.blender[round]!), 0.5).toFixed(2),
    goal: way === 'one' ? '≤ 1.05' : '≤ 0.9',
    detail: `${percentile(seconds[way], 0.5).toFixed(2)} s against ${alone.toFixed(2)} s`,
  }));
}

/** At the priority that this program gives its Blenders (src/main/engines/render-priority.ts): otherwise whatever else runs on the machine would slow them down and not this one. */
function alike([program, ...args]: [string, ...string[]]): Promise<unknown> {
  if (process.platform !== 'linux') return run(program, args, { maxBuffer: 1e8 });
  return run('setsid', ['-w', 'sh', '-c', 'echo 10 > /proc/self/autogroup 2>/dev/null; exec nice -n 10 "$@"', 'sh', program, ...args], { maxBuffer: 1e8 });
}

async function render(scene: string, folder: string, workers: number): Promise<void> {
  const data = join(folder, `data-${workers}`);
  await run(process.execPath, [COMMAND, 'render', scene, '--workers', String(workers), '--output', join(folder, 'frames', '####'), '--data', data], { maxBuffer: 1e8 });
}

async function makeScene(blender: string, folder: string): Promise<string> {
  const scene = join(folder, 'bench.blend');
  const script = join(folder, 'bench.py');
  await mkdir(folder, { recursive: true });
  await writeFile(
    script,
    `
import bpy
scene = bpy.context.scene
scene.frame_start, scene.frame_end = 1, ${FRAMES}
scene.render.engine = 'CYCLES'
scene.cycles.samples, scene.cycles.use_denoising = 4, False
scene.render.resolution_x, scene.render.resolution_y, scene.render.resolution_percentage = 160, 90, 100
cube = bpy.data.objects['Cube']
cube.keyframe_insert('rotation_euler', frame=1)
cube.rotation_euler[2] = 6.28
cube.keyframe_insert('rotation_euler', frame=${FRAMES})
bpy.ops.wm.save_as_mainfile(filepath=${JSON.stringify(scene)})
`,
  );
  await run(blender, ['-b', '--factory-startup', '--python-exit-code', '3', '--python', script], { maxBuffer: 1e8 });
  return scene;
}
