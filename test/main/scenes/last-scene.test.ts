import { execFileSync } from 'node:child_process';
import { copyFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import type { HostState } from '../../../src/shared/host-api';
import { takeLastScene } from '../../../src/main/scenes/last-scene';
import { type ControlHost, startControlHost } from '../../helpers/control-host';
import { temporaryFolder } from '../../helpers/temporary-folder';

const TURNTABLE = resolve(import.meta.dirname, '../../../examples/turntable.glb');

async function stateOf({ host }: ControlHost): Promise<HostState> {
  const reply = await host.call('host.state', {});
  expect(reply).toMatchObject({ ok: true });
  return (reply as { value: HostState }).value;
}

it('a host opens what was open when the last one ended, and says when that is not there any more', async () => {
  const dataFolder = join(temporaryFolder(), 'data');
  const start = (scene: string | null = null): Promise<ControlHost> =>
    startControlHost({ dataFolder, firstScene: TURNTABLE, scene });
  const first = await start();
  expect((await stateOf(first)).scene?.path).toBe(TURNTABLE);
  const own = join(first.folder, 'own.glb');
  await copyFile(TURNTABLE, own);
  expect(await first.host.call('scene.open', { path: `"${own}"` })).toMatchObject({ ok: true });
  await first.host.close();

  const second = await start();
  expect((await stateOf(second)).scene?.path).toBe(own);
  await second.host.close();

  // One that is named goes before.
  const named = await start(TURNTABLE);
  expect((await stateOf(named)).scene?.path).toBe(TURNTABLE);
  expect(await named.host.call('scene.open', { path: own })).toMatchObject({ ok: true });
  await named.host.close();

  await rm(own);
  const third = await start();
  const state = await stateOf(third);
  expect(state.scene?.path).toBe(TURNTABLE);
  expect(state.notices.map(({ text }) => text)).toEqual([`There is no file “${own}”: check its name.`]);
});

it('what is opened in a host for one command is not remembered, and what is no memory is none', async () => {
  const dataFolder = join(temporaryFolder(), 'data');
  const command = await startControlHost({ dataFolder });
  expect(await command.host.call('scene.open', { path: TURNTABLE })).toMatchObject({ ok: true });
  await command.host.close();
  await writeFile(join(dataFolder, 'last-scene.json'), '{"scene": 7}');
  const next = await startControlHost({ dataFolder, firstScene: join(dataFolder, 'none.glb') });
  const state = await stateOf(next);
  expect(state.scene).toBeNull();
  expect(state.notices).toHaveLength(1);
});

it.skipIf(process.platform === 'win32')('a pipe, a folder or an endless device is no memory', async () => {
  for (const [make, ...rest] of [['mkfifo'], ['mkdir'], ['ln', '-s', '/dev/zero']] as const) {
    const folder = temporaryFolder();
    execFileSync(make, [...rest, join(folder, 'last-scene.json')]);
    expect(await takeLastScene(folder)).toBeNull();
  }
});

it.each([
  ['“missing.glb” is not a full path', 'missing.glb'],
  ['There is no file “/nowhere/missing.glb”', '/nowhere/missing.glb'],
  ['There is no file', '/nowhere/missing.blend'],
  ['There is no file', '~/nowhere-at-all/missing.gltf'],
  ['cannot be opened: a scene ends with', '/nowhere/missing'],
])('what is mistyped is told in one sentence, without a word of the system: %s', async (sentence, path) => {
  const { host } = await startControlHost();
  for (const operation of ['scene.open', 'scene.inspect']) {
    const reply = await host.call(operation, { path });
    expect(reply).toMatchObject({ ok: false, error: { message: expect.stringContaining(sentence) } });
    expect(JSON.stringify(reply)).not.toMatch(/ENOENT|no such file|\bopen '|undefined|null/);
  }
});
