import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { type MachineStore, migrations, openMachineStore } from '../../../src/main/farm/machine-store';
import { machineNameSchema } from '../../../src/shared/farm';
import { closeSqlite, openSqlite } from '../../../src/main/data/open-sqlite';
import { temporaryFolder } from '../../helpers/temporary-folder';

function open(file: string): MachineStore {
  const store = openMachineStore(file);
  onTestFinished(() => store.close());
  return store;
}

const BOX = { name: 'box', version: '1.0.0', tags: [] };

it('lets one machine in for an invitation, by a name of its own, and knows it by its token', () => {
  const store = open(join(temporaryFolder(), 'machines.sqlite'));
  const { secret, expiresAt } = store.invite(1_000);
  const first = store.join(secret, BOX, 2_000)!;
  expect(store.join(secret, BOX, 2_000)).toBeNull();
  expect(store.join(store.invite(1_000).secret, BOX, expiresAt + 1)).toBeNull();
  const second = store.join(store.invite(1_000).secret, BOX, 3_000)!;
  expect([first.name, second.name]).toEqual(['box', 'box-2']);
  expect(store.withToken(first.token)?.id).toBe(first.id);
  expect(store.withToken(`${second.id}.${first.token.split('.')[1]}`)).toBeNull();
  expect(store.withToken('nobody.at-all')).toBeNull();
  store.forget(first.id);
  expect([store.withToken(first.token), store.get(first.id)]).toEqual([null, null]);
  expect(store.list().map(({ name }) => name)).toEqual(['box-2']);
});

it('numbers a name of the greatest length, and none by half a letter', () => {
  const store = open(join(temporaryFolder(), 'machines.sqlite'));
  const name = '𝒳'.repeat(63);
  const names = [1, 2].map(() => store.join(store.invite(0).secret, { ...BOX, name }, 0)!.name);
  expect(names).toEqual([name, `${'𝒳'.repeat(57)}-2`]);
  for (const one of names) expect(machineNameSchema.safeParse(one).success).toBe(true);
});

it('keeps what is set for a machine', () => {
  const file = join(temporaryFolder(), 'machines.sqlite');
  const store = openMachineStore(file);
  const { id, settings } = store.join(store.invite(0).secret, BOX, 0)!;
  expect(settings).toMatchObject({ paused: false });
  store.set(id, { paused: true });
  store.set(id, { tags: ['gpu'] });
  store.setMacs(id, ['0a:1b:2c:3d:4e:5f'], 1_000);
  store.setMacs(id, [], 100_000);
  store.setMacs(id, ['0a:1b:2c:3d:4e:ff'], 60_999);
  store.close();
  expect(open(file).get(id)).toMatchObject({
    settings: { paused: true, tags: ['gpu'] },
    macs: ['0a:1b:2c:3d:4e:5f'],
  });
});

it('writes the hardware addresses of a machine once a minute at most, whatever it says', () => {
  const store = open(join(temporaryFolder(), 'machines.sqlite'));
  const { id } = store.join(store.invite(0).secret, BOX, 0)!;
  const written: string[] = [];
  for (let now = 0; now < 180_000; now += 100) {
    store.setMacs(id, [`0a:1b:2c:3d:${now % 200 === 0 ? '00' : '01'}:5f`], now);
    const kept = store.get(id)!.macs.join();
    if (written.at(-1) !== kept) written.push(kept);
  }
  expect(written).toHaveLength(3);
});

it('reads the machines of the first version', () => {
  const file = join(temporaryFolder(), 'machines.sqlite');
  const { database } = openSqlite(file, { migrations: migrations.slice(0, 1), pragmas: [] });
  database.prepare("INSERT INTO machines VALUES ('0123456789ab', 'box', 'hash', 'queue', '1.0.0', 5)").run();
  closeSqlite(database);
  expect(open(file).list()).toEqual([
    expect.objectContaining({ id: '0123456789ab', joinedAt: 5, settings: expect.objectContaining({ paused: false }) }),
  ]);
});
