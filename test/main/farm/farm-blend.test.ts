import { copyFileSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { blenderEngineAt } from '../../../src/main/engines/blender/blender-engine';
import type { EngineFactory } from '../../../src/main/engines/engine-context';
import type { HostEvent } from '../../../src/shared/host-api';
import type { Job } from '../../../src/shared/jobs';
import { blenderScenes } from '../../helpers/blender-scenes';
import { eachBlender, needs, pathOf } from '../../helpers/needs';
import { makePng } from '../../helpers/png';
import { temporaryFolder } from '../../helpers/temporary-folder';
import { type TestManager, joinMachines, startManager } from './farm-fixture';

/** The Blender of the running suite, and no other. */
const onlyBlender = (): EngineFactory =>
  blenderEngineAt({ env: { FRAMEGAUGE_BLENDER: pathOf('blender') }, root: '/nowhere', home: '/nowhere' });

/** Copies scenes to a folder of their own. */
async function copyScenes(folder: string, names: readonly string[]): Promise<string> {
  const [from, to] = [await blenderScenes(), join(folder, 'scenes')];
  mkdirSync(join(to, 'textures'), { recursive: true });
  for (const name of names) copyFileSync(join(from, `${name}.blend`), join(to, `${name}.blend`));
  writeFileSync(join(to, 'textures', 'gone.png'), makePng(4, 4, [255, 0, 0]));
  return to;
}

/** The machines that have rendered frames, from what the host tells its UIs; null for the manager. */
function watchMachines({ host }: TestManager): Set<string | null> {
  const seen = new Set<string | null>();
  host.subscribe((event: HostEvent) => {
    if (event.type === 'workers')
      for (const { machine = null, frame } of event.workers) if (frame !== null) seen.add(machine);
  });
  return seen;
}

async function render(manager: TestManager, scene: string, output: string, more: object = {}): Promise<Job> {
  const { id } = await manager.call('job.submit', { scene, output, frames: '2-3', factoryStartup: true, ...more });
  return manager.ended(id);
}

/** What a PNG shows, without the times of rendering that Blender writes beside it. */
function pixelsOf(path: string): Buffer {
  const file = readFileSync(path);
  const data: Buffer[] = [file.subarray(16, 29)];
  for (let at = 8; at < file.length; at += 12 + file.readUInt32BE(at))
    if (file.toString('latin1', at + 4, at + 8) === 'IDAT')
      data.push(file.subarray(at + 8, at + 8 + file.readUInt32BE(at)));
  return Buffer.concat(data);
}

const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.\w+$/.test(name))
    .sort();

needs.redis('a farm with Blender', () => {
  eachBlender('a .blend', () => {
    it('gives the same images on a machine, with its libraries, textures and further files', async () => {
      const folder = temporaryFolder();
      const names = ['uses-library', 'missing-texture', 'file-output-stereo'];
      const manager = await startManager(folder, {}, [onlyBlender()]);
      const seen = watchMachines(manager);
      await joinMachines(manager, folder, ['bare'], 1);
      await joinMachines(manager, folder, ['left'], 1, { blender: pathOf('blender') });
      const without = { 'farm.start': false, 'farm.renderHere': true };
      const alone = await startManager(join(folder, 'alone'), without, [onlyBlender()]);
      const [there, here] = [join(folder, 'there'), join(folder, 'here')];
      for (const [host, to] of [
        [manager, there],
        [alone, here],
      ] as const) {
        const scenes = await copyScenes(to, [...names, 'library']);
        for (const name of names) {
          const job = await render(host, join(scenes, `${name}.blend`), join(to, name, '####.png'));
          expect([name, job.state, job.reason, job.frames.done]).toEqual([name, 'completed', null, 2]);
          expect(job.warnings.join('\n')).not.toMatch(/missing|left out|machine/);
        }
      }
      expect(filesBelow(there)).toEqual(filesBelow(here));
      const written = filesBelow(there).join('\n');
      expect(written).toMatch(/layered[/\\]all_0*2.*exr[^]*passes[/\\]b(?:0*2|##)[/\\]colour_0*2.*png/);
      for (const file of filesBelow(there).filter((name) => name.endsWith('.png')))
        expect(pixelsOf(join(there, file)).equals(pixelsOf(join(here, file))), file).toBe(true);
      expect([...seen]).toEqual(['left']);
    });

    it('is delivered in layers', async () => {
      const folder = temporaryFolder();
      const scenes = await copyScenes(folder, ['multilayer']);
      const manager = await startManager(folder, {}, [onlyBlender()]);
      await joinMachines(manager, folder, ['left'], 1, { blender: pathOf('blender') });
      const job = await render(manager, join(scenes, 'multilayer.blend'), join(folder, 'images', '####.exr'));
      expect([job.state, job.reason, job.frames.done]).toEqual(['completed', null, 2]);
      expect(readFileSync(join(folder, 'images', '0002.exr')).includes('Second layer.Combined.R')).toBe(true);
    });

    it('with a path that holds on the manager only is rendered there, and that is said before', async () => {
      const folder = temporaryFolder();
      const scenes = await copyScenes(folder, ['absolute-texture']);
      const scene = join(scenes, 'absolute-texture.blend');
      const manager = await startManager(folder, { 'farm.renderHere': true }, [onlyBlender()]);
      const seen = watchMachines(manager);
      await joinMachines(manager, folder, ['left'], 1, { blender: pathOf('blender') });
      const output = join(folder, 'images', '####.png');
      const submitted = await manager.call('job.submit', { scene, output, frames: '2-3', factoryStartup: true });
      expect(submitted.warnings.join('\n')).toMatch(
        /rendered on the manager only\. “absolute-texture\.blend” reads “.*gone\.png”, which another machine has elsewhere/,
      );
      expect(await manager.ended(submitted.id)).toMatchObject({ state: 'completed', frames: { done: 2 } });
      expect([...seen]).toEqual([null]);
    });
  });
});
