import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** @param {import('framegauge-addon').AddonContext} ctx */
export function register(ctx) {
  ctx.handlers.on('render_complete', async ({ job }) => {
    // A new folder of another job does not end it.
    await ctx.busy(() => writeFile(join(ctx.storage.folder, 'last.txt'), `Job ${job?.id} is done.\n`));
  });
}
