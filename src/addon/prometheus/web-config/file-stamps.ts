import { stat } from 'node:fs/promises';

/**
 * What the system says of some files, as one text: it changes when one of them is written, replaced or removed, also behind a symbolic link. Asking is cheap and
 * works on every file system, network and container ones included, where notices of changes do not.
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
