import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { writeFileAtomically } from '../data/write-file-atomically';

/** The scene that was open when a host ended, for the next start. */
const lastSceneSchema = z.object({ scene: z.string() });

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
    return lastSceneSchema.parse(JSON.parse(await readFile(fileOf(dataFolder), 'utf8'))).scene;
  } catch {
    return null;
  } finally {
    await rm(fileOf(dataFolder), { force: true });
  }
}
