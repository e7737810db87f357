import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { verifyImage } from '../../src/main/engines/verify-image';
import type { HostEvent, StoredEvent } from '../../src/shared/host-api';
import type { Job } from '../../src/shared/jobs';
import { blenderScenes } from '../helpers/blender-scenes';
import { startControlHost } from '../helpers/control-host';
import { needs } from '../helpers/needs';

/** Process ids of the Blenders that this process has started and that render. */
async function blenders(): Promise<number[]> {
  const children = (await readFile(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8')).trim().split(/\s+/).filter(Boolean).map(Number);
  const commands = await Promise.all(children.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')));
  return children.filter((_, index) => commands[index]?.includes('--background'));
}

needs.blender('a host with Blender', () => {
  let scenes: string;
  beforeAll(async () => {
    scenes = await blenderScenes();
  });

  it('has every frame of a job, each counted once, when Blender is killed in the middle of it', async () => {
    const { host, folder } = await startControlHost();
    const over = new Promise<Job>((resolve) => {
      host.subscribe((event: HostEvent) => {
        if (event.type === 'job' && ['completed', 'failed', 'cancelled'].includes(event.job.state)) resolve(event.job);
      });
    });
    const killed = new Promise<number[]>((resolve, reject) => {
      host.subscribe((event: HostEvent) => {
        if (event.type !== 'frame' || event.frame.frame !== 7 || event.frame.state !== 'rendering' || event.frame.attempts !== 1) return;
        blenders().then((pids) => {
          for (const pid of pids) process.kill(pid, 'SIGKILL');
          resolve(pids);
        }, reject);
      });
    });
    const output = join(folder, 'images', '####.png');
    const reply = await host.call('job.submit', { scene: join(scenes, 'anim.blend'), output, width: 640, height: 360, samples: 64, workers: 1, factoryStartup: true });
    expect(reply).toMatchObject({ ok: true });

    expect(await killed).toHaveLength(1);
    const job = await over;
    expect(job).toMatchObject({ state: 'completed', frames: { total: 24, done: 24, failed: 0, skipped: 0 } });
    const images = await readdir(join(folder, 'images'));
    expect(images.sort()).toEqual(Array.from({ length: 24 }, (_, index) => `${String(index + 1).padStart(4, '0')}.png`));
    for (const image of images) await verifyImage(join(folder, 'images', image), 'png', 640, 360);

    const listed = await host.call('events.list', { limit: 10_000 });
    const { events } = (listed as { value: { events: StoredEvent[] } }).value;
    expect(events.filter(({ name }) => name === 'render_write').map(({ frame }) => frame).sort((a, b) => a! - b!)).toEqual(Array.from({ length: 24 }, (_, index) => index + 1));
    expect(events.filter(({ name }) => name === 'frame_failed')).toEqual([expect.objectContaining({ frame: 7, attempt: 1, reason: 'Blender was ended from outside (SIGKILL) while it rendered frame 7.' })]);
    expect(events.filter(({ name, reason }) => name === 'worker_state' && reason?.includes('SIGKILL'))).toHaveLength(1);
  });
});
