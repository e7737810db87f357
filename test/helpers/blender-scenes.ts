import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startBlender } from '../../src/main/engines/blender/blender-process';
import script from './blender-scenes.py?raw';
import { blenderVersion, pathOf } from './needs';

/**
 * Folder of the .blend files made by blender-scenes.py, for suites under `needs.blender` and `eachBlender`. Each
 * Blender makes its own, once per test run; they must not be modified.
 *
 * @throws with Blender's output, when it could not make them
 */
export async function blenderScenes(): Promise<string> {
  const run = process.env['FRAMEGAUGE_TEST_FOLDER'];
  if (!run)
    throw new Error('test/helpers/global-setup.ts did not run; start the tests with npm test or npx vitest run');
  const folder = join(run, `blender-scenes-${blenderVersion()}`);
  const failure = `${folder}-failed.txt`;
  try {
    // The first suite makes them; suites run in separate processes.
    await mkdir(`${folder}-lock`);
  } catch {
    return waitFor(folder, failure);
  }
  const making = `${folder}-making`;
  await mkdir(making);
  try {
    await make(making);
    await rename(making, folder);
  } catch (error) {
    await rm(making, { recursive: true, force: true });
    await writeFile(failure, String(error));
    throw error;
  }
  return folder;
}

async function make(folder: string): Promise<void> {
  const blender = await startBlender({
    executable: pathOf('blender'),
    factoryStartup: true,
    allowScripts: false,
    script,
    scriptArguments: [folder],
  });
  try {
    const { code, signal } = await blender.ended;
    if (code !== 0)
      throw new Error(`Blender could not make the scenes (${signal ?? code}):\n${blender.log().join('\n')}`);
  } finally {
    await blender.close();
  }
}

async function waitFor(folder: string, failure: string): Promise<string> {
  for (;;) {
    const failed = await readFile(failure, 'utf8').catch(() => null);
    if (failed !== null) throw new Error(failed);
    const there = await readFile(join(folder, 'plain.blend')).then(
      () => true,
      () => false,
    );
    if (there) return folder;
    await delay(50);
  }
}
