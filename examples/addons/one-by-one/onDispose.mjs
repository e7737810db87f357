import { watch } from 'node:fs';

/** @param {import('framegauge-addon').AddonContext} ctx */
export function register(ctx) {
  // Released when the add-on is disabled, the last one first, even if unregister throws.
  const watcher = watch(ctx.storage.folder, () => ctx.log.info('Something changed'));
  ctx.onDispose(() => watcher.close());
}
