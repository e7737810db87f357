import { once } from 'node:events';
import { EventEmitter } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { stampAt } from '../../../src/main/engines/file-stamp';
import { watchSceneFile } from '../../../src/main/scenes/watch-scene-file';
import { temporaryFolder } from '../../helpers/temporary-folder';

it('tells that the file has changed since it was read, until it is read again', async () => {
  const path = join(temporaryFolder(), 'a.glb');
  writeFileSync(path, 'one');
  const told = new EventEmitter();
  const next = (): Promise<unknown[]> => once(told, 'change', { signal: AbortSignal.timeout(20_000) });
  const watch = watchSceneFile((changed) => told.emit('change', changed), 20);
  onTestFinished(() => watch.close());
  watch.wasRead(path, await stampAt(path));
  const changed = next();
  writeFileSync(path, 'another');
  expect(await changed).toEqual([true]);
  expect(watch.changed()).toBe(true);
  const settled = next();
  watch.wasRead(path, await stampAt(path));
  expect(await settled).toEqual([false]);
  // A file that changed while it was read is told at once.
  const late = next();
  watch.wasRead(path, 'older');
  expect(await late).toEqual([true]);
  // There is nothing to read again where it is gone.
  const gone = next();
  rmSync(path);
  expect(await gone).toEqual([false]);
});
