import { readFile, readdir } from 'node:fs/promises';
import { join, sep } from 'node:path';

/** Folders where users and desktops mount volumes, with the maximum depth of mount points below them. */
const USUAL: readonly (readonly [folder: string, depth: number])[] = [
  ['/mnt', 1],
  ['/media', 2],
  ['/run/media', 2],
  ['/Volumes', 1],
];

/** The mounts of this machine. */
export interface Mounts {
  /** Current mount points. */
  readonly mounted: readonly string[];
  /** Configured mount points (`/etc/fstab`). */
  readonly wanted: readonly string[];
  /** Whether a folder is missing or empty. */
  isBare(folder: string): Promise<boolean>;
}

/**
 * Finds the unmounted mount point above a folder, as of a network share that is not connected. Images would fill the
 * system's disk instead, and be hidden once the share is mounted.
 *
 * @param folder absolute
 * @returns null for none
 */
export async function unmountedAbove(folder: string, { mounted, wanted, isBare }: Mounts): Promise<string | null> {
  const path = folder.endsWith(sep) ? folder : folder + sep;
  const isAbove = (mount: string): boolean => mount !== '/' && path.startsWith(`${mount}/`);
  const there = mounted.filter(isAbove);
  const missing = wanted.find((mount) => isAbove(mount) && !mounted.includes(mount));
  if (missing !== undefined && !there.some((mount) => mount.length > missing.length)) return missing;
  for (const [usual, depth] of USUAL) {
    if (!isAbove(usual) || there.some((mount) => mount === usual || mount.startsWith(`${usual}/`))) continue;
    const names = path
      .slice(usual.length + 1)
      .split('/')
      .filter((name) => name !== '');
    for (let count = 1; count <= Math.min(depth, names.length); count++) {
      const candidate = join(usual, ...names.slice(0, count));
      if (await isBare(candidate)) return candidate;
    }
  }
  return null;
}

/** Warning about writing images to a folder, or null. To be called before the folder is created. Never rejects. */
export async function unmountedWarning(folder: string): Promise<string | null> {
  if (process.platform === 'win32') return null;
  const mount = await unmountedAbove(folder, await mountsNow()).catch(() => null);
  return mount === null
    ? null
    : `Nothing is mounted at ${mount}: the images go to the system’s own disk. Mount the share or disk before the job begins, or choose another output.`;
}

async function mountsNow(): Promise<Mounts> {
  const lines = async (file: string): Promise<string[][]> => {
    const text = await readFile(file, 'utf8').catch(() => '');
    return text
      .split('\n')
      .filter((line) => !/^\s*(#|$)/.test(line))
      .map((line) => line.trim().split(/\s+/));
  };
  return {
    // macOS has no such file; there, a mounted volume is not empty.
    mounted: (await lines('/proc/self/mounts')).map((fields) => unescaped(fields[1] ?? '')),
    wanted: (await lines('/etc/fstab'))
      .map((fields) => unescaped(fields[1] ?? ''))
      .filter((mount) => mount.startsWith('/')),
    isBare: async (folder) =>
      (await readdir(folder).catch((error: NodeJS.ErrnoException) => (error.code === 'ENOENT' ? [] : ['?']))).length ===
      0,
  };
}

/** Blanks are written as octal escapes there (getmntent(3)). */
function unescaped(field: string): string {
  return field.replaceAll(/\\([0-7]{3})/g, (_all, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
}
