import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { delimiter, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { connectTo } from '../src/main/cli/host-connection';
import type { Job } from '../src/shared/jobs';
import { percentile } from './percentile';
import type { Row } from './report';
import { startBenchHost } from './start-host';

const run = promisify(execFile);
const FRAMES = 100;
/** The variants alternate, so that other load on the machine affects all of them alike. */
const ROUNDS = 5;
const COMMAND = resolve(import.meta.dirname, '../bin/framegauge.mjs');

/**
 * Wall time of 100 frames of 160×90 with 4 samples, including Blender's startup: plain Blender against jobs of a
 * running host with the scene open, with one and with two workers, and against the command that starts its own host.
 */
export async function benchBlender(folder: string): Promise<Row[]> {
  const blender = (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((path) => join(path, 'blender'))
    .find((file) => existsSync(file));
  if (!blender)
    return [
      {
        what: 'frames of Blender',
        value: 'skipped',
        goal: '',
        detail: 'no Blender is installed; to enable: apt-get install -y --no-install-recommends blender',
      },
    ];
  const scene = await makeScene(blender, folder);
  const ways = {
    blender: () => timed(() => alike([blender, '-b', scene, '-o', join(folder, 'frames', '####'), '-a'])),
    'a job, one worker': () => submit(scene, folder, 1),
    'a job, two workers': () => submit(scene, folder, 2),
    'the command, one worker': () => timed(() => command(scene, folder, 1)),
    'the command, two workers': () => timed(() => command(scene, folder, 2)),
  };
  type Way = keyof typeof ways;
  const names = Object.keys(ways) as Way[];
  const seconds = Object.fromEntries(names.map((way) => [way, []])) as unknown as Record<Way, number[]>;
  for (let round = 0; round < ROUNDS; round++) {
    for (const way of names) {
      const output = join(folder, 'frames');
      await rm(output, { recursive: true, force: true });
      await mkdir(output, { recursive: true });
      seconds[way].push(await ways[way]());
      const written = (await readdir(output)).length;
      if (written !== FRAMES) throw new Error(`${way} wrote ${written} of ${FRAMES} frames`);
    }
  }
  const alone = percentile(seconds.blender, 0.5);
  const goals: Partial<Record<Way, string>> = { 'a job, one worker': '≤ 1.05', 'a job, two workers': '≤ 0.9' };
  return names.slice(1).map((way) => ({
    what: `${FRAMES} frames of Blender against blender -a: ${way}`,
    value: percentile(
      seconds[way].map((value, round) => value / seconds.blender[round]!),
      0.5,
    ).toFixed(2),
    goal: goals[way] ?? '',
    detail: `${percentile(seconds[way], 0.5).toFixed(2)} s against ${alone.toFixed(2)} s`,
  }));
}

/** @returns seconds */
async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return (performance.now() - begun) / 1000;
}

/**
 * With the priority that this program gives its Blenders (src/main/processes/render-priority.ts): otherwise other load
 * on the machine would slow down only those.
 */
function alike([program, ...args]: [string, ...string[]]): Promise<unknown> {
  if (process.platform !== 'linux') return run(program, args, { maxBuffer: 1e8 });
  return run(
    'setsid',
    ['-w', 'sh', '-c', 'echo 10 > /proc/self/autogroup 2>/dev/null; exec nice -n 10 "$@"', 'sh', program, ...args],
    { maxBuffer: 1e8 },
  );
}

/**
 * @returns seconds from the request until the last frame's image is written, in a host that has read the scene and has
 * no worker yet
 */
async function submit(scene: string, folder: string, workers: number): Promise<number> {
  const host = await startBenchHost(join(folder, `host-${workers}`));
  try {
    const connection = connectTo(host);
    const { path } = await connection.call('scene.open', { path: scene });
    const ended = new Promise<Job>((resolve) =>
      host.subscribe((event) => event.type === 'job' && event.job.finishedAt !== null && resolve(event.job)),
    );
    return await timed(async () => {
      await connection.call('job.submit', { scene: path, workers, output: join(folder, 'frames', '####') });
      const { state, reason } = await ended;
      if (state !== 'completed') throw new Error(reason ?? state);
    });
  } finally {
    await host.close();
  }
}

async function command(scene: string, folder: string, workers: number): Promise<void> {
  const data = join(folder, `data-${workers}`);
  await run(
    process.execPath,
    [
      COMMAND,
      'render',
      scene,
      '--workers',
      String(workers),
      '--output',
      join(folder, 'frames', '####'),
      '--data',
      data,
    ],
    { maxBuffer: 1e8 },
  );
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
