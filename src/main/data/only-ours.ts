import type { Stats } from 'node:fs';

/** Whether this user owns a file or folder and nobody else may write to it; true where the system has no such owners. */
export const isOnlyOurs = ({ uid, mode }: Pick<Stats, 'uid' | 'mode'>): boolean =>
  !process.getuid || (uid === process.getuid() && (mode & 0o022) === 0);
