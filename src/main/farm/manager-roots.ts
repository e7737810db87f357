import { createHash } from 'node:crypto';
import { realpath, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SeenRoot } from '../../shared/farm';
import { relativePathSchema } from '../../shared/farm-files';
import type { RootOffers } from '../../shared/farm-files';
import { type Root, pathBelow, pathOnRoot } from '../../shared/root-paths';
import { messageOf } from '../../shared/user-error';
import type { PortableScene } from '../engines/render-engine';
import { isBelow } from '../scenes/scene-access';

/** A root as the manager has it. */
interface OwnRoot extends Root {
  readonly realPath: string;
  /** What lies in its probe. */
  readonly proof: string;
}

/** A scene below a root. */
export interface RootedScene {
  readonly root: Root;
  /** Whether it is found only where the root has the same path. */
  readonly fixed: boolean;
}

/** The folders that machines see, too, as the manager has them. */
export interface ManagerRoots {
  /** What machines are told of them. */
  readonly offers: RootOffers;
  isProved(root: SeenRoot): boolean;
  /** The root that a scene and all that it reads lie below; null for none. */
  rootOf(scene: PortableScene): RootedScene | null;
}

/**
 * Puts a probe into each root. One that can't be used is told, and left out.
 *
 * @param secret of the manager, by which its probes stay the same
 */
export async function openRoots(
  roots: readonly Root[],
  secret: string,
  notify: (level: 'warning', text: string) => void,
): Promise<ManagerRoots> {
  const hash = (text: string): string => createHash('sha256').update(`${secret}\n${text}`).digest('hex');
  const probe = `.framegauge-root-${hash('probe').slice(0, 12)}`;
  const own: OwnRoot[] = [];
  for (const root of roots) {
    const proof = hash(root.name);
    try {
      await writeFile(join(root.path, probe), proof);
      own.push({ ...root, realPath: await realpath(root.path), proof });
    } catch (error) {
      notify(
        'warning',
        `The root ${root.name} is not used: nothing can be written to ${root.path} (${messageOf(error)}), by which machines would prove that they see it.`,
      );
    }
  }
  return {
    offers: own.map(({ name }) => ({ name, probe })),
    isProved: ({ name, proof }) => own.some((root) => root.name === name && root.proof === proof),
    rootOf({ files, fixed }) {
      const root = own.find(({ path, realPath }) =>
        files.every((file) => isBelowRoot(path, file.path) && isBelow(file.realPath, realPath)),
      );
      // A path from the top of the disk may name what is not there; that must not be something else on a machine.
      if (!root || (fixed && !isBelowRoot(root.path, fixed.path))) return null;
      return { root: { name: root.name, path: root.path }, fixed: fixed !== null };
    },
  };
}

/** Whether a path lies below a root by parts that every system can have. */
function isBelowRoot(root: string, path: string): boolean {
  return relativePathSchema.safeParse(pathBelow(root, path)).success;
}

/** A machine's own path of a root by which it can read a scene; null where it can't. */
export function seenBy(roots: readonly Root[], { root, fixed }: RootedScene): string | null {
  const seen = roots.find(({ name }) => name === root.name);
  return seen && (!fixed || pathOnRoot(seen.path, '') === pathOnRoot(root.path, '')) ? seen.path : null;
}

/** A scene file below a root, as a ticket tells it. @throws Error when it is not there */
export async function sceneOnRoot(
  { name, path }: Root,
  scene: string,
): Promise<{ root: string; path: string; bytes: number; modifiedAt: number }> {
  const { size, mtimeMs } = await stat(scene);
  return { root: name, path: pathBelow(path, scene)!, bytes: size, modifiedAt: mtimeMs };
}
