import { stat } from 'node:fs/promises';

/**
 * The metadata of some files as one string: it changes when one of them is written, replaced or removed, also behind a
 * symbolic link. Polling is cheap and works on every file system, including network and container ones, where change
 * notifications do not.
 */
export async function fileStamps(paths: readonly string[]): Promise<string> {
  const stamps = await Promise.all(
    paths.map(async (path) => {
      try {
        const { dev, ino, size, mtimeNs, ctimeNs } = await stat(path, { bigint: true });
        return [path, dev, ino, size, mtimeNs, ctimeNs].join(' ');
      } catch (error) {
        return `${path} ${(error as NodeJS.ErrnoException).code}`;
      }
    }),
  );
  return stamps.join('\n');
}
