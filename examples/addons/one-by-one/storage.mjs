import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** @param {import('framegauge-addon').AddonContext} ctx */
export async function register(ctx) {
  // The only folder that needs no permission. It is kept over updates.
  const file = join(ctx.storage.folder, 'starts.txt');
  const starts = Number(await readFile(file, 'utf8').catch(() => '0')) + 1;
  await writeFile(file, String(starts));
  ctx.log.info(`${ctx.id} was started ${starts} times`);
}
