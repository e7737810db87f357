import fs, { fstatSync, statSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { callbackify } from 'node:util';
import { onTestFinished, vi } from 'vitest';

/**
 * Puts something around each flush of a database's log, until the end of the test.
 *
 * @param file path of the database
 * @param around called as a flush begins; `flush` does it, and the flush ends as what is returned
 * @returns lets later flushes be
 */
export function aroundLogFlushes(file: string, around: (flush: () => Promise<void>) => Promise<void>): () => void {
  const { fdatasync } = fs;
  const spy = vi.spyOn(fs, 'fdatasync').mockImplementation((descriptor, callback) => {
    const flush = (): Promise<void> =>
      new Promise((resolve, reject) => fdatasync(descriptor, (error) => (error ? reject(error) : resolve())));
    const isLog = fstatSync(descriptor).ino === statSync(`${file}-wal`).ino;
    callbackify(() => (isLog ? around(flush) : flush()))(callback);
  });
  syncBuiltinESMExports();
  const stop = (): void => {
    spy.mockRestore();
    syncBuiltinESMExports();
  };
  onTestFinished(stop);
  return stop;
}
