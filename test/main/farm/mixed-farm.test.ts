import { copyFileSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { blenderEngineAt } from '../../../src/main/engines/blender/blender-engine';
import type { HostEvent } from '../../../src/shared/host-api';
import type { Job } from '../../../src/shared/jobs';
import { blenderScenes } from '../../helpers/blender-scenes';
import { needs, pathOf } from '../../helpers/needs';
import { makePng } from '../../helpers/png';
import { temporaryFolder } from '../../helpers/temporary-folder';
import { type TestMachine, type TestManager, joinMachines, startManager } from './farm-fixture';

/** The machines that have rendered frames of each job. */
function watchMachines({ host }: TestManager): (job: Job) => string[] {
  const seen = new Map<number, Set<string>>();
  host.subscribe((event: HostEvent) => {
    if (event.type !== 'workers') return;
    for (const { machine = 'the manager', jobId } of event.workers)
      if (jobId !== null) seen.set(jobId, (seen.get(jobId) ?? new Set()).add(machine));
  });
  return ({ id }) => [...(seen.get(id) ?? [])].sort();
}

const copiesOf = ({ dataFolder }: TestMachine): number =>
  readdirSync(join(dataFolder, 'machine', 'cache', 'scenes')).filter((name) => name.endsWith('.json')).length;

needs.redis('a farm of unlike machines', () => {
  needs.blender('of which some have Blender, and some see the root', () => {
    it('renders each job where what it needs is', async () => {
      const folder = temporaryFolder();
      const [shows, elsewhere, local] = [join(folder, 'shows'), join(folder, 'mounted'), join(folder, 'local')];
      mkdirSync(join(shows, 'textures'), { recursive: true });
      mkdirSync(local);
      symlinkSync(shows, elsewhere);
      const scenes = await blenderScenes();
      for (const name of ['anim', 'missing-texture'])
        copyFileSync(join(scenes, `${name}.blend`), join(shows, `${name}.blend`));
      copyFileSync(join(scenes, 'anim.blend'), join(local, 'anim.blend'));
      copyFileSync(join(scenes, 'absolute-texture.blend'), join(local, 'absolute-texture.blend'));
      writeFileSync(join(shows, 'textures', 'gone.png'), makePng(4, 4, [255, 0, 0]));

      const blender = pathOf('blender');
      const engine = blenderEngineAt({ env: { FRAMEGAUGE_BLENDER: blender }, root: '/nowhere', home: '/nowhere' });
      const manager = await startManager(folder, { 'farm.roots': `shows=${shows}` }, [engine]);
      const rendered = watchMachines(manager);
      const joinOne = async (name: string, more: { blender?: string; roots?: string }): Promise<TestMachine> =>
        (await joinMachines(manager, folder, [name], 1, more))[0]!;
      const rooted = await joinOne('rooted', { blender, roots: `shows=${elsewhere}` });
      await rooted.printed(/^Scenes below the root shows are read at/m);
      const rootless = await joinOne('rootless', { blender });
      const bare = await joinOne('bare', { roots: `shows=${elsewhere}` });
      await bare.printed(/^Scenes below the root shows are read at/m);

      const submit = async (scene: string, more: object = {}): Promise<Job> => {
        const output = join(folder, 'images', scene.replaceAll(/\W/g, '-'), '####.png');
        return manager.call('job.submit', { scene, output, factoryStartup: true, ...more });
      };
      const ended = async (job: Job, done: number): Promise<string[]> => {
        expect(await manager.ended(job.id)).toMatchObject({
          state: 'completed',
          frames: { done, failed: 0 },
        });
        return rendered(job);
      };

      // Blender decides; both read the scene in their own way.
      const onRoot = await submit(join(shows, 'missing-texture.blend'), { frames: '1-8' });
      expect(onRoot.warnings.join('\n')).not.toMatch(/missing|manager/);
      expect(await ended(onRoot, 8)).toEqual(['rooted', 'rootless']);
      expect([copiesOf(rooted), copiesOf(rootless)]).toEqual([0, 1]);

      // A better-ranked .blend keeps the machines with Blender, and leaves the other one to the next job.
      const film = await submit(join(local, 'anim.blend'), { frames: '1-12' });
      const colours = Array.from({ length: 40 }, () => [1, 2, 3]);
      writeFileSync(join(shows, 'a.flat'), JSON.stringify({ width: 16, height: 8, colours, frameTime: 100 }));
      const flat = await submit(join(shows, 'a.flat'));
      expect(await ended(film, 12)).toEqual(['rooted', 'rootless']);
      expect((await ended(flat, 40)).includes('bare')).toBe(true);
      expect(copiesOf(bare)).toBe(0);

      // A path from the top of the disk holds nowhere but on the manager, which renders nothing here.
      const absolute = await submit(join(local, 'absolute-texture.blend'), { frames: '1' });
      expect(absolute.warnings.join('\n')).toMatch(/rendered on the manager only, which leaves frames.*gone\.png/);
      await manager.call('job.cancel', { id: absolute.id });
      expect(rendered(absolute)).toEqual([]);
    });
  });
});
