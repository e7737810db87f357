import { createHash, randomBytes } from 'node:crypto';
import { readFile, realpath, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SeenRoot } from '../../shared/farm';
import { relativePathSchema } from '../../shared/farm-files';
import type { RootOffers } from '../../shared/farm-files';
import { type Root, pathBelow, pathOnRoot } from '../../shared/root-paths';
import { messageOf } from '../../shared/user-error';
import type { PortableScene } from '../engines/render-engine';
import { isBelow } from '../data/path-below';

/** How long machines may tell what an earlier manager had put into a probe, in milliseconds. */
const GRACE = 30_000;

/** A root as the manager has it. */
interface OwnRoot extends Root {
  readonly realPath: string;
  /** What lies in its probe. */
  readonly proof: string;
  /** What lay there before; empty for nothing. */
  readonly proofBefore: string;
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
 * Puts a probe into each root, with another content at each start, so that a copy of the folder soon proves nothing. A
 * root that can't be used is told, and left out.
 *
 * @param secret of the manager, by which the names of its probes stay the same
 * @param grace how long what lay in a probe before is taken, too, in milliseconds: machines look now and then only
 */
export async function openRoots(
  roots: readonly Root[],
  secret: string,
  notify: (level: 'warning', text: string) => void,
  grace = GRACE,
): Promise<ManagerRoots> {
  const probe = `.framegauge-root-${createHash('sha256').update(`${secret}\nprobe`).digest('hex').slice(0, 12)}`;
  const graceEnd = performance.now() + grace;
  const own: OwnRoot[] = [];
  for (const root of roots) {
    const proof = randomBytes(32).toString('hex');
    const file = join(root.path, probe);
    try {
      const proofBefore = await readFile(file, 'utf8').catch(() => '');
      await writeFile(file, proof);
      own.push({ ...root, realPath: await realpath(root.path), proof, proofBefore });
    } catch (error) {
      notify(
        'warning',
        `The root ${root.name} is not used: nothing can be written to ${root.path} (${messageOf(error)}), by which machines would prove that they see it.`,
      );
    }
  }
  return {
    offers: own.map(({ name }) => ({ name, probe })),
    isProved({ name, proof }) {
      const root = own.find((one) => one.name === name);
      return root?.proof === proof || (root?.proofBefore === proof && performance.now() < graceEnd);
    },
    rootOf({ files, fixed }) {
      const root = own.find(({ path, realPath }) =>
        files.every((file) => isBelowRoot(path, file.path) && isBelow(file.realPath, realPath)),
      );
      // Paths from the top of the disk may name what is not there; that must not be something else on a machine.
      if (!root || fixed?.paths.some((path) => !isBelowRoot(root.path, path))) return null;
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
