import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { needs } from '../../helpers/needs';
import { temporaryFolder } from '../../helpers/temporary-folder';
import { testComputer } from '../../helpers/test-network';
import { startMachine } from './farm-fixture';
import { makeManagerHost } from './manager-host';

needs.redis('a farm in a network', () => {
  needs.networkNamespaces('with machines whose cables can be pulled', () => {
    it('hands out the frame of a machine that is cut off, refuses it later, and uses the machine again', async () => {
      const folder = temporaryFolder();
      const computers = { near: testComputer(), far: testComputer() };
      const manager = await makeManagerHost(folder, { farmHost: '0.0.0.0' });
      await manager.start();
      const [near, far] = await Promise.all(
        (['near', 'far'] as const).map(async (name) => {
          const { within, hostAddress } = computers[name];
          const { token } = await manager.invite();
          const url = `https://${hostAddress}:${manager.farmPort}`;
          return startMachine(join(folder, name), { url, token }, { name, within });
        }),
      );
      await manager.machinesWhere((list) => list.filter(({ state }) => state === 'idle').length === 2);
      const job = await manager.submit(6, 1_500, { attempts: 1 });
      await manager.machinesWhere(() => readdirSync(join(far!.dataFolder, 'machine', 'frames')).length === 1);
      computers.far.cut();
      await manager.machinesWhere((list) => list.some(({ name, state }) => name === 'far' && state === 'cut-off'));
      expect(await manager.end(job.id)).toMatchObject({ state: 'completed', frames: { done: 6, failed: 0 } });
      const frames = await manager.frames(job.id);
      expect(frames.map(({ reason }) => reason)).toEqual(frames.map(() => null));
      expect(frames.filter(({ attempts }) => attempts === 2)).toMatchObject([{ machine: 'near' }]);

      computers.far.heal();
      await far!.printed(/^frame \d: (Lease \d+ is void|It was given up)/m);
      await manager.machinesWhere((list) => list.some(({ name, state }) => name === 'far' && state === 'idle'));
      expect(readdirSync(join(folder, 'images-1'))).toHaveLength(6);
      near!.kill('SIGTERM');
      await near!.ended;
      const next = await manager.submit(2, 0);
      expect(await manager.end(next.id)).toMatchObject({ state: 'completed' });
    });
  });
});
