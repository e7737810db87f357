import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { connectTo } from '../src/main/cli/host-connection';
import type { Frame } from '../src/shared/jobs';
import { startBenchHost } from './start-host';

/*
 * Measures the frame times that test/main/jobs/eta/job-estimate.test.ts replays: node scripts/run-ts.mjs
 * bench/record-frame-times.ts test/main/jobs/eta/frame-times.json The turntable goes through the real queue with one
 * and with two workers; Blender, where it is installed, renders 24 frames of a scene into which more and more comes.
 * Each frame is [number, seconds, worker's slot, when it was written in seconds from the job's start].
 */
const SIZE = { width: 160, height: 90, samples: 4 };
const folder = await mkdtemp(join(tmpdir(), 'framegauge-times-'));
const recorded: { name: string; how: string; workers: number; frames: [number, number, number, number][] }[] = [];
try {
  for (const workers of [1, 2]) {
    const host = await startBenchHost(join(folder, `data-${workers}`));
    try {
      const connection = connectTo(host);
      await connection.call('preferences.set', { key: 'render.workers', value: workers });
      const times: [number, number, number, number][] = [];
      const slots = new Map<number, number>();
      const begun = Date.now();
      await new Promise<void>((done, failed) => {
        host.subscribe((event) => {
          if (event.type === 'workers')
            for (const { slot, frame } of event.workers) if (frame !== null) slots.set(frame, slot);
          if (event.type === 'frame' && event.frame.state === 'done')
            times.push(asTimes(event.frame, slots.get(event.frame.frame) ?? 0, begun));
          if (event.type !== 'job' || event.job.finishedAt === null) return;
          if (event.job.state === 'completed') done();
          else failed(new Error(event.job.reason ?? event.job.state));
        });
        connection
          .call('job.submit', {
            scene: resolve('examples/turntable.glb'),
            frames: '1-48',
            ...SIZE,
            output: join(folder, `${workers}`, '####.png'),
          })
          .catch(failed);
      });
      recorded.push({
        name: `turntable.glb, ${workers} worker${workers > 1 ? 's' : ''}`,
        how: '48 frames of 160×90 with 4 samples through the queue, headless Chromium in software',
        workers,
        frames: times,
      });
    } finally {
      await host.close();
    }
  }
  const frames = await blenderTimes();
  if (frames)
    recorded.push({
      name: 'Blender, more and more in the picture',
      how: '24 frames of 160×90 with 8 samples, blender -b -a, Cycles on the processor',
      workers: 1,
      frames,
    });
  const machine = `${cpus().length} cores, ${process.platform}`;
  const rows = recorded.map(
    ({ frames: list, ...about }) =>
      `  ${JSON.stringify(about).slice(0, -1)},"frames":[\n    ${list.map((row) => JSON.stringify(row)).join(', ')}\n  ]}`,
  );
  await writeFile(
    resolve(process.argv[2]!),
    `{ "how": "bench/record-frame-times.ts on ${machine}; [frame, seconds, slot, written at]", "recorded": [\n${rows.join(',\n')}\n] }\n`,
  );
} finally {
  await rm(folder, { recursive: true, force: true });
}

function asTimes(frame: Frame, slot: number, begun: number): [number, number, number, number] {
  return [frame.frame, round(frame.seconds ?? 0), slot, round(((frame.writtenAt ?? begun) - begun) / 1000)];
}

async function blenderTimes(): Promise<[number, number, number, number][] | null> {
  const python = `
import bpy, math
scene = bpy.context.scene
bpy.ops.object.select_all(action='SELECT'); bpy.ops.object.delete()
bpy.ops.object.camera_add(location=(0, -14, 4), rotation=(math.radians(78), 0, 0)); scene.camera = bpy.context.object
bpy.ops.object.light_add(type='SUN', rotation=(0.6, 0.3, 0))
glass = bpy.data.materials.new('glass'); glass.use_nodes = True
glass.node_tree.nodes['Principled BSDF'].inputs['Transmission'].default_value = 0.9
for i in range(24):
    bpy.ops.mesh.primitive_uv_sphere_add(segments=48, ring_count=24, radius=0.9, location=((i % 6) * 2 - 5, (i // 6) * 2, 1))
    ball = bpy.context.object; ball.data.materials.append(glass)
    ball.hide_render = True; ball.keyframe_insert('hide_render', frame=1)
    ball.hide_render = False; ball.keyframe_insert('hide_render', frame=i + 1)
scene.render.engine = 'CYCLES'; scene.cycles.samples = 8; scene.cycles.use_denoising = False
scene.render.resolution_x, scene.render.resolution_y, scene.render.resolution_percentage = 160, 90, 100
scene.frame_start, scene.frame_end = 1, 24
scene.render.filepath = ${JSON.stringify(join(folder, 'blender', '####'))}
bpy.ops.render.render(animation=True)
`;
  const file = join(folder, 'scene.py');
  await writeFile(file, python);
  const run = await promisify(execFile)(
    'blender',
    ['-b', '--factory-startup', '--python-exit-code', '3', '--python', file],
    { maxBuffer: 1e8 },
  ).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (!run) return null;
  let at = 0;
  return [...run.stdout.matchAll(/_?(\d{4})\.png'\s+Time: (\d+):(\d+\.\d+)/g)].map(([, frame, minutes, seconds]) => {
    const took = Number(minutes) * 60 + Number(seconds);
    at += took;
    return [Number(frame), round(took), 1, round(at)];
  });
}

function round(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}
