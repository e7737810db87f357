import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { readRegularFile } from '../data/open-regular-file';
import { writeFileAtomically } from '../data/write-file-atomically';

/** The scene that was open when a host ended, for the next start. */
const lastSceneSchema = z.object({ scene: z.string() });

/** Far above the longest path, in bytes. */
const MAX_BYTES = 64 * 1024;

const fileOf = (dataFolder: string): string => join(dataFolder, 'last-scene.json');

export async function rememberScene(dataFolder: string, path: string): Promise<void> {
  await writeFileAtomically(fileOf(dataFolder), `${JSON.stringify({ scene: path })}\n`, 0o600);
}

/**
 * Reads and deletes the stored scene: one that crashes the host while it is opened must not do so at every start. It is
 * stored again once it is open.
 *
 * @returns null if none is stored
 */
export async function takeLastScene(dataFolder: string): Promise<string | null> {
  try {
    return lastSceneSchema.parse(JSON.parse(String(await readRegularFile(fileOf(dataFolder), MAX_BYTES)))).scene;
  } catch {
    return null;
  } finally {
    // A folder of that name stays: no scene is in it.
    await rm(fileOf(dataFolder), { force: true }).catch(() => undefined);
  }
}
