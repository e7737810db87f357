import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startBlender } from '../../src/main/engines/blender/blender-process';
import script from './blender-scenes.py?raw';
import { pathOf } from './needs';

/**
 * Folder with the .blend files that blender-scenes.py makes, for suites under `needs.blender`. They are made once for all suites of a run; nobody may change or write anything there.
 *
 * @throws with what Blender said, when it could not make them
 */
export async function blenderScenes(): Promise<string> {
  const run = process.env['FRAMEGAUGE_TEST_FOLDER'];
  if (!run)
    throw new Error('test/helpers/global-setup.ts did not run; start the tests with npm test or npx vitest run');
  const folder = join(run, 'blender-scenes');
  const failure = join(run, 'blender-scenes-failed.txt');
  try {
    // Whoever is first makes them; suites run in processes of their own.
    await mkdir(join(run, 'blender-scenes-lock'));
  } catch {
    return waitFor(folder, failure);
  }
  const making = join(run, 'blender-scenes-making');
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
