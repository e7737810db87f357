import { lstat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { z } from 'zod';
import { makeFolder } from '../../data/make-folder';
import { readRegularFile } from '../../data/open-regular-file';
import { writeFileAtomically } from '../../data/write-file-atomically';

/** What a Blender says of itself: its version, such as `4.2.3`, and its name with the kind of release. */
export interface BlenderVersion {
  readonly version: string;
  readonly name: string;
}

/**
 * The versions that Blenders told, kept between starts of the host: starting one only to ask takes half a second, for
 * which a command would have to wait.
 */
export interface RememberedVersions {
  /** @param key of the program's file, which changes with its content */
  get(key: string): Promise<BlenderVersion | null>;
  /** Never rejects: what can't be kept is asked again. */
  keep(path: string, key: string, version: BlenderVersion): Promise<void>;
}

/** Nobody has more Blenders. */
const MOST = 50;
const MOST_BYTES = 64 * 1024;
/**
 * Bytes of the smallest program to remember. A smaller one is a script or a launcher: the Blender that it starts may be
 * another tomorrow, while its own file stays as it is.
 */
const LEAST_PROGRAM = 10e6;

const fileSchema = z.array(
  z.strictObject({ key: z.string(), version: z.string().regex(/^\d+\.\d+(\.\d+)?$/), name: z.string().max(200) }),
);

/** @param file is created with its folder; a damaged one is replaced */
export function rememberVersions(file: string): RememberedVersions {
  let known: Promise<Map<string, BlenderVersion>> | null = null;
  const read = (): Promise<Map<string, BlenderVersion>> => (known ??= readVersions(file));
  return {
    get: async (key) => (await read()).get(key) ?? null,
    async keep(path, key, version) {
      try {
        if (!(await isBlenderItself(path))) return;
        const versions = await read();
        versions.delete(key);
        versions.set(key, version);
        const entries = [...versions].slice(-MOST).map(([one, { version, name }]) => ({ key: one, version, name }));
        await makeFolder(dirname(file), 0o700);
        await writeFileAtomically(file, `${JSON.stringify(entries)}\n`);
      } catch {
        // Asked again at the next start.
      }
    },
  };
}

async function readVersions(file: string): Promise<Map<string, BlenderVersion>> {
  try {
    const entries = fileSchema.parse(JSON.parse((await readRegularFile(file, MOST_BYTES)).toString('utf8')));
    return new Map(entries.map(({ key, version, name }) => [key, { version, name }]));
  } catch {
    return new Map();
  }
}

/** Whether it is the program and not a link, as Snap's, or a script that starts it. */
async function isBlenderItself(path: string): Promise<boolean> {
  const info = await lstat(path);
  return info.isFile() && info.size >= LEAST_PROGRAM && /^blender/i.test(basename(path));
}
