import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { connectTo } from '../src/main/cli/host-connection';
import type { Host } from '../src/main/host';
import { freePort } from '../test/helpers/free-port';
import { ATTACKS, plantHostileAddons } from '../test/attack/hostile-code';
import type { Row } from './report';
import { startBenchHost } from './start-host';

const TURNTABLE = resolve(import.meta.dirname, '../examples/turntable.glb');
const SIZE = { width: 320, height: 180, samples: 4 };
/** Frames of one figure, in jobs of the whole animation: enough of them for an attack to be stopped meanwhile. */
const FRAMES = Number(process.env['FRAMEGAUGE_BENCH_FRAMES'] ?? 960);
const JOB = Math.min(48, FRAMES);
/** Each by itself, and then all of them at once. */
const ALONE = ['blocks', 'messages', 'hogs', 'prints', 'panels'] as const;

/**
 * Measures the frames per second of a render beside hostile add-ons against those without any, right before and right
 * after, while the add-ons are told, slowed and stopped.
 *
 * @throws Error when a frame is lost
 */
export async function benchHostile(folder: string): Promise<Row[]> {
  const dataFolder = join(folder, 'data');
  await plantHostileAddons(dataFolder);
  const host = await startBenchHost(dataFolder);
  const { call } = connectTo(host);
  const output = join(folder, 'frames');
  const rows: Row[] = [];
  try {
    await call('preferences.set', { key: 'addons.prometheus.address', value: `127.0.0.1:${await freePort()}` });
    await call('addon.enable', { id: 'prometheus' });
    await render(host, output);
    let before = await framesPerSecond(host, output);
    for (const [what, ids] of [...ALONE.map((id) => [id, [id]] as const), ['all', Object.keys(ATTACKS)] as const]) {
      for (const id of ids) await call('addon.enable', { id });
      const beside = await framesPerSecond(host, output);
      for (const id of ids) await call('addon.disable', { id });
      const after = await framesPerSecond(host, output);
      const without = (before + after) / 2;
      rows.push({
        what:
          what === 'all'
            ? `frames beside ${ids.length} hostile add-ons at once against none`
            : `frames beside an add-on that ${what} against none`,
        value: (beside / without).toFixed(2),
        goal: what === 'all' ? '' : '≥ 0.95',
        detail: `${beside.toFixed(2)} of ${without.toFixed(2)} frames/s in ${(FRAMES / beside).toFixed(0)} s; no frame lost`,
      });
      before = after;
    }
  } finally {
    await host.close();
  }
  return rows;
}

async function framesPerSecond(host: Host, output: string): Promise<number> {
  const begun = performance.now();
  let frames = 0;
  for (; frames < FRAMES; frames += JOB) await render(host, output);
  return (frames * 1000) / (performance.now() - begun);
}

async function render(host: Host, output: string): Promise<void> {
  const frames = join(output, '####.png');
  const request = { scene: TURNTABLE, frames: `1-${JOB}`, ...SIZE, output: frames, overwrite: true };
  const { id } = await connectTo(host).call('job.submit', request);
  const ended = await new Promise<{ state: string; frames: { failed: number } }>((settle) => {
    const unsubscribe = host.subscribe((event) => {
      if (event.type !== 'job' || event.job.id !== id || event.job.finishedAt === null) return;
      unsubscribe();
      settle(event.job);
    });
  });
  const written = (await readdir(output)).filter((name) => name.endsWith('.png')).length;
  if (ended.state !== 'completed' || ended.frames.failed > 0 || written !== JOB)
    throw new Error(`A render beside hostile add-ons lost frames: ${ended.state}, ${written} of ${JOB} written.`);
}
