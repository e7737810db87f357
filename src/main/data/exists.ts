import { stat } from 'node:fs/promises';

/** Whether something is there, after links. */
export function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
