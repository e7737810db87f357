import { readdir, stat } from 'node:fs/promises';
import { basename, delimiter, join } from 'node:path';

/** Where to search for programs; overridden in tests. */
export interface InstallLocations {
  readonly env: NodeJS.ProcessEnv;
  readonly platform: NodeJS.Platform;
  /** The user's home folder. */
  readonly home: string;
  /** Replaces the root of the file system on Linux and macOS: `/`. */
  readonly root: string;
}

/** File names of the program on the PATH. */
function programNames(platform: NodeJS.Platform): string[] {
  return platform === 'win32' ? ['blender.exe'] : ['blender'];
}

/** Candidate files along the PATH, in its order. */
export function onPath({ env, platform }: InstallLocations): string[] {
  const folders = (env['PATH'] ?? env['Path'] ?? '').split(platform === 'win32' ? ';' : delimiter).filter(Boolean);
  return folders.flatMap((folder) => programNames(platform).map((name) => join(folder, name)));
}

/**
 * Paths where installers, archives, Steam, Snap and Flatpak put Blender; they need not exist. Of several versions side
 * by side the newest comes first.
 */
export async function installPaths(locations: InstallLocations): Promise<string[]> {
  const { env, platform, home, root } = locations;
  if (platform === 'darwin') {
    const folders = [join(root, 'Applications'), join(home, 'Applications')];
    const apps = await Promise.all(folders.map((folder) => children(folder, /^blender.*\.app$/i)));
    const beside = await Promise.all(
      folders.map(async (folder) =>
        (
          await Promise.all(
            (await children(folder, /^blender(?!.*\.app$)/i)).map((inner) => children(inner, /^blender.*\.app$/i)),
          )
        ).flat(),
      ),
    );
    return [
      ...apps.flat(),
      ...beside.flat(),
      join(home, 'Library', 'Application Support', 'Steam', 'steamapps', 'common', 'Blender', 'Blender.app'),
    ].map(insideApp);
  }
  if (platform === 'win32') {
    const folders = ['PROGRAMFILES', 'PROGRAMW6432', 'PROGRAMFILES(X86)', 'LOCALAPPDATA']
      .map((name) => env[name])
      .filter((folder): folder is string => !!folder);
    const found = await Promise.all(
      [...new Set(folders)].map(async (folder) => [
        ...(await children(join(folder, 'Blender Foundation'), /^blender/i)),
        join(folder, 'Steam', 'steamapps', 'common', 'Blender'),
      ]),
    );
    return found.flat().map((folder) => join(folder, 'blender.exe'));
  }
  const fixed = ['usr/bin', 'usr/local/bin', 'snap/bin'].map((folder) => join(root, folder, 'blender'));
  const archives = (
    await Promise.all(
      [join(root, 'opt'), home, join(home, 'Applications'), join(home, 'apps'), join(home, '.local', 'opt')].map(
        (folder) => children(folder, /^blender/i),
      ),
    )
  ).flat();
  return [
    ...fixed,
    ...archives.map((folder) => join(folder, 'blender')),
    join(home, '.local', 'bin', 'blender'),
    ...['.local/share/Steam', '.steam/steam'].map((folder) =>
      join(home, folder, 'steamapps', 'common', 'Blender', 'blender'),
    ),
    join(root, 'var/lib/flatpak/exports/bin/org.blender.Blender'),
    join(home, '.local/share/flatpak/exports/bin/org.blender.Blender'),
  ];
}

/**
 * Resolves a path to a program, a macOS app, or the folder of an unpacked archive.
 *
 * @returns path of the program; the given path if it is none of these
 */
export async function programAt(path: string, { platform }: InstallLocations): Promise<string> {
  if (/\.app[\\/]?$/i.test(path)) return insideApp(path);
  const info = await stat(path).catch(() => null);
  if (!info?.isDirectory()) return path;
  for (const candidate of [
    ...programNames(platform).map((name) => join(path, name)),
    insideApp(join(path, 'Blender.app')),
  ]) {
    if ((await stat(candidate).catch(() => null))?.isFile()) return candidate;
  }
  return path;
}

function insideApp(app: string): string {
  return join(app, 'Contents', 'MacOS', 'Blender');
}

/** Folder entries that match a pattern, highest version first; none where the folder can't be read. */
async function children(folder: string, pattern: RegExp): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names
    .filter((name) => pattern.test(name))
    .sort((a, b) => basename(b).localeCompare(basename(a), 'en', { numeric: true }))
    .map((name) => join(folder, name));
}
