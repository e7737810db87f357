import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { type MachineRoots, openMachineRoots } from '../../../src/main/machine/machine-roots';
import type { RootOffers } from '../../../src/shared/farm-files';
import { temporaryFolder } from '../../helpers/temporary-folder';

it('keeps a root that the manager itself can’t use at the moment, and blames no folder', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  onTestFinished(() => void vi.useRealTimers());
  const folder = temporaryFolder();
  const [probe, proof] = ['.framegauge-root-0123456789ab', 'f'.repeat(64)];
  writeFileSync(join(folder, probe), proof);
  let offers: RootOffers = [{ name: 'shows', probe, used: true }];
  const told: string[] = [];
  let tell: () => void = () => undefined;
  const client = { get: () => Promise.resolve(offers), read: () => expect.unreachable() };
  const roots: MachineRoots = await openMachineRoots([{ name: 'shows', path: folder }], client as never, (text) => {
    told.push(text);
    tell();
  });
  onTestFinished(() => roots.close());
  roots.proved(['shows']);
  expect(told.splice(0)).toEqual([`Scenes below the root shows are read at ${folder}.`]);

  // As where the manager was started again, and its share does not answer yet.
  offers = [{ name: 'shows', probe, used: false }];
  const looked = new Promise<void>((resolve) => (tell = resolve));
  vi.advanceTimersByTime(10_000);
  await looked;
  roots.proved([]);
  expect(told).toEqual(['The root shows is not used now: the manager can’t use its own folder of it, and says why.']);
  expect(roots.seen()).toEqual([{ name: 'shows', path: folder, proof }]);
});
