import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { mainEntry, manifestEntry, rawZip } from '../../../helpers/raw-zip';
import { createFixture, type Fixture } from '../fixture';

let f: Fixture;
afterEach(() => f?.close());

async function install(version: string): Promise<void> {
  const file = join(f.folder, `small-${version}.zip`);
  await writeFile(file, rawZip([manifestEntry({ version }), mainEntry(version)]));
  await f.manager.install(file, []);
}
const BLOCK = { id: 'small', versions: ['1.0.0'], reason: 'It loses frames.' };

it('a running add-on that is blocked is stopped and stays off, with the reason, until another version is there', async () => {
  f = await createFixture();
  await f.manager.startEnabled();
  await install('1.0.0');
  await f.manager.enable('small');
  await f.manager.block([BLOCK, { id: 'prometheus', reason: 'Bundled ones cannot be blocked.' }], true);
  expect(f.manager.get('small')).toMatchObject({
    state: 'off',
    enabled: false,
    reason: 'It is blocked: It loses frames.',
  });
  expect(f.manager.get('prometheus').reason).toBeNull();
  expect(f.stored.get('small')).toMatchObject({ enabled: false });
  await expect(f.manager.enable('small')).rejects.toThrow('“Small” is blocked: It loses frames.');

  await install('1.0.1');
  expect(f.manager.get('small').reason).toBeNull();
  expect(await f.manager.enable('small')).toMatchObject({ state: 'running' });
  expect(await f.manager.rollBack('small')).toMatchObject({ state: 'off', reason: 'It is blocked: It loses frames.' });
});

it('a version that is blocked is never started, neither by an update nor by going back', async () => {
  f = await createFixture();
  await f.manager.startEnabled();
  await install('1.0.0');
  await f.manager.enable('small');
  await install('1.0.1');
  await f.manager.block([{ ...BLOCK, versions: ['1.0.0', '1.0.2'] }], true);
  const states = (from: number): (string | undefined)[] =>
    f.told.slice(from).map((list) => list.find(({ manifest }) => manifest.id === 'small')?.state);
  for (const change of [() => f.manager.rollBack('small'), () => install('1.0.2')]) {
    const before = f.told.length;
    await change();
    await f.until('small', ({ reason }) => reason === 'It is blocked: It loses frames.');
    await f.until('small', () =>
      f.told.at(-1)!.some(({ manifest, state }) => manifest.id === 'small' && state === 'off'),
    );
    expect(states(before)).not.toContain('starting');
    await install('1.0.1');
    await f.manager.enable('small');
  }
});

it('is kept for a start without the repositories, and a repository that cannot be read lifts no block', async () => {
  f = await createFixture();
  await install('1.0.0');
  await f.manager.block([BLOCK], true);
  await f.manager.block([], false);
  const blockFile = join(f.folder, 'addon-blocks.json');
  const [dataFolder, userFolder] = [f.folder, join(f.folder, 'addons')];
  const again = await createFixture({}, { dataFolder, userFolder, stored: { small: { enabled: true, values: {} } } });
  expect(again.manager.get('small')).toMatchObject({ enabled: false, reason: 'It is blocked: It loses frames.' });
  await again.manager.block([], true);
  expect(again.manager.get('small').reason).toBeNull();
  await again.close();

  await writeFile(blockFile, 'no JSON');
  const damaged = await createFixture({}, { dataFolder, userFolder });
  expect(damaged.manager.get('small').reason).toBeNull();
  await damaged.close();
});
