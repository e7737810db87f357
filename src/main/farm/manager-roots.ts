import { createHash, randomBytes } from 'node:crypto';
import { realpath, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SeenRoot } from '../../shared/farm';
import { relativePathSchema } from '../../shared/farm-files';
import type { RootOffers } from '../../shared/farm-files';
import { type Root, pathBelow, pathOnRoot } from '../../shared/root-paths';
import { messageOf } from '../../shared/user-error';
import { within } from '../../shared/within';
import { readRegularFile } from '../data/open-regular-file';
import type { PortableScene } from '../engines/render-engine';
import { isBelow } from '../data/path-below';

/** How long machines may tell what an earlier manager had put into a probe, in milliseconds. */
const GRACE = 30_000;
/** Timeout for putting a probe into a root, in milliseconds: a share whose server is gone answers never. */
const PROBE_TIMEOUT = 5_000;
/** So many roots without an answer end the search: each keeps one of the few threads for files, until it answers. */
const MAX_SILENT = 2;
/** Length of a proof. */
const PROOF = 64;

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

/** The folders that machines see, too, as the manager has them: those whose probe is in its place by now. */
export interface ManagerRoots {
  /** What machines are told of them. */
  offers(): RootOffers;
  isProved(root: SeenRoot): boolean;
  /** The root that a scene and all that it reads lie below; null for none. */
  rootOf(scene: PortableScene): RootedScene | null;
  /** Settles when every root is in use or left out; never rejects. */
  readonly opened: Promise<void>;
}

export interface RootsOptions {
  /** How long what lay in a probe before is taken, too, in milliseconds: machines look now and then only. */
  readonly grace?: number;
  /** Timeout for a root, in milliseconds. */
  readonly timeout?: number;
  readonly put?: typeof putProbe;
}

/**
 * Puts a probe into each root, with another content at each start, so that a copy of the folder soon proves nothing. A
 * root that can't be used is told, and left out. Nobody waits for them: one may be a share whose server is gone.
 *
 * @param secret of the manager, by which the names of its probes stay the same
 */
export function openRoots(
  roots: readonly Root[],
  secret: string,
  notify: (level: 'warning', text: string) => void,
  { grace = GRACE, timeout = PROBE_TIMEOUT, put = putProbe }: RootsOptions = {},
): ManagerRoots {
  const probe = `.framegauge-root-${createHash('sha256').update(`${secret}\nprobe`).digest('hex').slice(0, 12)}`;
  const graceEnd = performance.now() + grace;
  const own: OwnRoot[] = [];
  let silent = 0;

  async function open(root: Root): Promise<void> {
    let opened: OwnRoot | null = null;
    try {
      if (silent < MAX_SILENT) {
        await within(
          put(root, probe).then((proved) => (opened = proved)),
          timeout,
        );
        if (!opened) silent++;
      }
      if (!opened) throw new Error(`no answer within ${timeout / 1000} s`);
      own.push(opened);
    } catch (error) {
      notify(
        'warning',
        `The root ${root.name} is not used: nothing can be written to ${root.path} (${messageOf(error)}), by which machines would prove that they see it.`,
      );
    }
  }

  async function openAll(): Promise<void> {
    for (const root of roots) await open(root);
  }

  return {
    opened: openAll(),
    offers: () => own.map(({ name }) => ({ name, probe })),
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

/**
 * Puts a new proof into a root's probe. Machines that see the root can put anything there: nothing is read but a short
 * file, and nothing is written but a new one, which takes the name from whatever had it.
 */
async function putProbe(root: Root, probe: string): Promise<OwnRoot> {
  const proof = randomBytes(PROOF / 2).toString('hex');
  const file = join(root.path, probe);
  const before = await readRegularFile(file, PROOF).catch(() => null);
  const temporary = `${file}.${randomBytes(8).toString('hex')}`;
  try {
    await writeFile(temporary, proof, { flag: 'wx' });
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
  return { ...root, realPath: await realpath(root.path), proof, proofBefore: before?.toString('utf8') ?? '' };
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
