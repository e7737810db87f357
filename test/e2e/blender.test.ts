import { readFileSync, readdirSync, statSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { connectToRunning } from '../../src/main/cli/host-connection';
import { imageVerifier } from '../helpers/image-verifier';
import { findRunningHost } from '../../src/main/data/running-host';
import { blenderScenes } from '../helpers/blender-scenes';
import { startCli } from '../helpers/cli';
import { startMeteredHost } from '../helpers/metered-host';
import { needs } from '../helpers/needs';
import { temporaryFolder } from '../helpers/temporary-folder';

/** Process ids of the Blenders that a host has as its children. */
function blendersOf(host: number): number[] {
  const children = readdirSync(`/proc/${host}/task`).flatMap((thread) =>
    readFileSync(`/proc/${host}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
  );
  return children.filter((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('--background'));
}

needs.blender('a job of Blender’s', () => {
  it('has every frame once, counted once, though Blender is killed in the middle of frame 7', async () => {
    const folder = temporaryFolder();
    const { data, address, pid } = await startMeteredHost(folder);
    const host = await connectToRunning((await findRunningHost(data))!);
    let killed: number[] = [];
    host.subscribe((event) => {
      if (event.type !== 'frame' || event.frame.frame !== 7 || event.frame.state !== 'rendering' || killed.length > 0)
        return;
      killed = blendersOf(pid);
      for (const blender of killed) process.kill(blender, 'SIGKILL');
    });
    const scene = join(await blenderScenes(), 'anim.blend');
    const images = join(folder, 'images');
    const render = startCli([
      'render',
      scene,
      '--frames',
      '1-24',
      '--workers',
      '2',
      '--samples',
      '64',
      '--factory-startup',
      '--output',
      join(images, '####.png'),
      '--json',
      '--data',
      data,
    ]);
    const { code, stdout, stderr } = await render.ended;
    await host.close();

    expect(killed.length).toBeGreaterThan(0);
    expect(JSON.parse(stdout)).toMatchObject({
      state: 'completed',
      frames: { total: 24, done: 24, failed: 0, skipped: 0 },
    });
    expect(code).toBe(0);
    expect(stderr).toMatch(
      /Frame 7: try 1 failed, Blender was ended from outside \(SIGKILL\) while it rendered frame 7/,
    );
    const names = readdirSync(images);
    expect(names).toEqual(Array.from({ length: 24 }, (_, i) => `${String(i + 1).padStart(4, '0')}.png`));
    for (const name of names) await imageVerifier.verify(join(images, name), 'png', 160, 90);
    const metrics = await (await fetch(`http://${address}/metrics`)).text();
    expect(metrics).toMatch(/^Frame_Counter_total 24$/m);
    expect(metrics).toMatch(/^framegauge_frames_rendered_total\{engine="blender"\} 24$/m);
    expect(metrics).toMatch(/^framegauge_worker_restarts_total\{worker="1",reason="crash"\} 1$/m);
    const peak = /^framegauge_worker_peak_memory_bytes\{worker="1"\} (\S+)$/m.exec(metrics);
    expect(Number(peak?.[1])).toBeGreaterThan(50e6);
  });

  it('has the files of its File Output nodes with its images in a new version', async () => {
    const folder = temporaryFolder();
    const scene = join(folder, 'file-output.blend');
    await copyFile(join(await blenderScenes(), 'file-output.blend'), scene);
    const render = async (...options: string[]): Promise<string> => {
      const usual = ['--frames', '1', '--factory-startup', '--output', join(folder, '####.png'), '--data', data];
      const { code, stderr } = await startCli(['render', scene, ...usual, ...options]).ended;
      expect({ code, stderr }).toMatchObject({ code: 0 });
      return stderr;
    };
    const data = join(folder, 'data');
    const files = (): string[] =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((name) => /\.(?:png|exr)$/.test(name) && !name.startsWith('data'))
        .sort();
    await render();
    const first = files();
    expect(first).toContain('0001.png');
    expect(first).toHaveLength(5);
    const modified = (): number[] => first.map((name) => statSync(join(folder, name)).mtimeMs);
    const before = modified();

    expect(await render('--samples', '3', '--new-version')).not.toMatch(/File Output|kept/);
    expect(files()).toEqual([...first, ...first.map((name) => join('v002', name))].sort());
    expect(modified()).toEqual(before);
  });

  it('keeps images that its scene crops, or that hold two views', async () => {
    const folder = temporaryFolder();
    for (const name of ['cropped', 'side-by-side']) {
      const scene = join(await blenderScenes(), `${name}.blend`);
      const render = async (data: string): Promise<unknown> => {
        const output = ['--output', join(folder, name, '####.png'), '--data', join(folder, data)];
        const usual = ['--frames', '1-2', '--factory-startup', '--keep-existing', '--json'];
        return JSON.parse((await startCli(['render', scene, ...usual, ...output]).ended).stdout) as unknown;
      };
      expect(await render('first')).toMatchObject({ state: 'completed', frames: { done: 2, skipped: 0 } });
      // A host that knows nothing of the first one's job.
      expect(await render('second')).toMatchObject({ state: 'completed', frames: { done: 0, skipped: 2 } });
    }
  });
});
