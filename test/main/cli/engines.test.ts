import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { connectToRunning, type HostConnection } from '../../../src/main/cli/host-connection';
import type { EngineInfo } from '../../../src/shared/engines';
import { blendBytes } from '../../helpers/blend-bytes';
import { blenderScenes } from '../../helpers/blender-scenes';
import { runCli, startCli } from '../../helpers/cli';
import { needs, pathOf } from '../../helpers/needs';
import { temporaryFolder } from '../../helpers/temporary-folder';

/** What looks like a Blender when it is asked for its version. */
async function fakeBlender(folder: string, version: string): Promise<string> {
  const path = join(folder, `blender-${version}`, 'blender');
  await mkdir(join(folder, `blender-${version}`));
  await writeFile(path, `#!/bin/sh\necho "Blender ${version}"\n`);
  await chmod(path, 0o755);
  return path;
}

const nowhere = { FRAMEGAUGE_BLENDER: 'none' };

describe('framegauge engines', () => {
  it('lists the built-in engine and every Blender, and which of them work', async () => {
    const folder = temporaryFolder();
    const data = ['--data', join(folder, 'data')];
    const [a, b] = [await fakeBlender(folder, '4.2.0'), await fakeBlender(folder, '3.6.5')];
    await runCli(['prefs', 'set', 'blender.path', `${a};${join(folder, 'gone')};${b}`, ...data], nowhere);
    const listed = await runCli(['engines', '--json', ...data], nowhere);
    expect(listed.code, listed.stderr).toBe(0);
    const engines = JSON.parse(listed.stdout) as EngineInfo[];
    expect(
      engines.map(({ id, path, problem, default: usual }) => ({ id, path, works: problem === null, usual })),
    ).toEqual([
      { id: 'gltf', path: engines[0]!.path, works: expect.any(Boolean), usual: true },
      { id: 'blender-4.2.0', path: a, works: true, usual: true },
      { id: 'blender-unknown', path: join(folder, 'gone'), works: false, usual: false },
      { id: 'blender-3.6.5', path: b, works: true, usual: false },
    ]);
    const text = (await runCli(['engines', ...data], nowhere)).stdout.split('\n');
    expect(text[0]).toMatch(/^\[(works|fails)\] gltf {13}/);
    expect(text.slice(1)).toEqual([
      `[works] blender-4.2.0    Blender 4.2.0 (${a}, from the preference blender.path), for jobs that name none`,
      `[fails] blender-unknown  The preference blender.path names “${join(folder, 'gone')}”, which is not there: let it be the path of a Blender program, or leave it empty.`,
      `[works] blender-3.6.5    Blender 3.6.5 (${b}, from the preference blender.path)`,
      '',
    ]);
  });

  it('says so where there is no Blender, and a .blend is refused with the way to get one', async () => {
    const folder = temporaryFolder();
    const data = ['--data', join(folder, 'data')];
    expect((await runCli(['engines', ...data], nowhere)).stdout).toContain(
      'No Blender that works was found: .blend files can be opened but not rendered.\n',
    );
    await writeFile(join(folder, 'cat.blend'), blendBytes());
    const refused = await runCli(['render', join(folder, 'cat.blend'), ...data], nowhere);
    expect(refused).toEqual({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(
        /^Blender was not found on this machine, so \.blend files cannot be rendered: get it from blender\.org [^\n]+\n$/,
      ),
    });
  });
});

needs.blender('a host in which Blender is registered while a .blend is open', () => {
  it('looks into it then, and renders it', async () => {
    const folder = temporaryFolder();
    const scene = join(await blenderScenes(), 'anim.blend');
    const cli = startCli(['serve', '--port', '0', '--data', join(folder, 'data')], nowhere);
    const [, url, token] = await cli.printed(/(http:\/\/\S+)\/#token=(\S+)/);
    const host: HostConnection = await connectToRunning({ pid: cli.process.pid!, url: url!, token: token! });
    const unseen = await host.call('scene.open', { path: scene });
    expect(unseen).toMatchObject({
      engine: 'blender',
      frameStart: 1,
      frameEnd: 24,
      blender: null,
      warnings: [expect.stringContaining('Blender was not found')],
    });
    await expect(host.call('job.submit', { scene })).rejects.toThrow('Blender was not found on this machine');

    const seen = new Promise((resolve) => {
      host.subscribe((event) => {
        if (event.type === 'scene' && event.scene?.blender) resolve(event.scene);
      });
    });
    await host.call('preferences.set', { key: 'blender.path', value: pathOf('blender') });
    expect(await seen).toMatchObject({
      path: scene,
      width: 160,
      height: 90,
      samples: 4,
      cameras: ['Camera'],
      warnings: [],
    });

    const ended = new Promise<unknown>((resolve) => {
      host.subscribe((event) => {
        if (event.type === 'job' && event.job.finishedAt !== null) resolve(event.job);
      });
    });
    const job = await host.call('job.submit', { scene, frames: '1-2', output: join(folder, 'out', '####.png') });
    expect(job).toMatchObject({
      engine: 'blender',
      settings: { installation: null, samples: 4, width: 160, height: 90, format: 'png' },
    });
    expect(await ended).toMatchObject({ id: job.id, state: 'completed', frames: { done: 2, failed: 0 } });

    // What is told when the job is made, and what the worker finds, is said once.
    const scenes = await blenderScenes();
    const said = new Promise<string[]>((resolve) => {
      host.subscribe((event) => {
        if (event.type === 'job' && event.job.name === 'missing-texture' && event.job.finishedAt !== null)
          resolve(event.job.warnings);
      });
    });
    const sentences = [
      `The image “${join(scenes, 'textures', 'gone.png')}” is missing: frames are rendered without it.`,
    ];
    expect(
      (
        await host.call('job.submit', {
          scene: join(scenes, 'missing-texture.blend'),
          frames: '1',
          output: join(folder, 'pink', '####.png'),
        })
      ).warnings,
    ).toEqual(sentences);
    expect(await said).toEqual(sentences);
    await host.close();
  });
});
