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
/** A root that has not answered after this time is told, in milliseconds. */
const PROBE_TIMEOUT = 5_000;
/**
 * Number of roots that are opened together: a share whose server is gone keeps one of the few threads for files, until it
 * answers.
 */
const AT_ONCE = 2;
/** Length of a proof. */
const PROOF = 64;

/** A root as the manager has it. */
export interface OwnRoot extends Root {
  readonly realPath: string;
  /** What lies in its probe. */
  readonly proof: string;
  /** What lay there before; empty for nothing. */
  readonly proofBefore: string;
}

/** One in use. */
interface OpenRoot extends OwnRoot {
  /** From when on what lay in its probe before proves nothing, from performance.now(). */
  readonly graceEnd: number;
}

/** A scene below a root. */
export interface RootedScene {
  readonly root: Root;
  /** Whether it is found only where the root has the same path. */
  readonly fixed: boolean;
}

/** The folders that machines see, too, as the manager has them: in use are those whose probe is in its place by now. */
export interface ManagerRoots {
  /** What machines are told of them. */
  offers(): RootOffers;
  isProved(root: SeenRoot): boolean;
  /** The root that a scene and all that it reads lie below; null for none. */
  rootOf(scene: PortableScene): RootedScene | null;
  /** Settles when every root is in use, or has been told of; never rejects. */
  readonly opened: Promise<void>;
}

export interface RootsEvents {
  /** Tells the user. @param topic by which it is settled */
  notify(level: 'warning', text: string, topic: string): void;
  /** The cause of what was told is gone. */
  settle(topic: string): void;
  /** One more root is in use. */
  onOpen(): void;
}

export interface RootsOptions {
  /** How long what lay in a probe before is taken, too, in milliseconds: machines look now and then only. */
  readonly grace?: number;
  /** After which a root without an answer is told, in milliseconds. */
  readonly timeout?: number;
  readonly put?: typeof putProbe;
}

/**
 * Puts a probe into each root, with another content at each start, so that a copy of the folder soon proves nothing. A
 * root that can't be used is told, and one that answers late is used from then on. Nobody waits for them: one may be a
 * share whose server is gone.
 *
 * @param secret of the manager, by which the names of its probes stay the same
 */
export function openRoots(
  roots: readonly Root[],
  secret: string,
  { notify, settle, onOpen }: RootsEvents,
  { grace = GRACE, timeout = PROBE_TIMEOUT, put = putProbe }: RootsOptions = {},
): ManagerRoots {
  const probe = `.framegauge-root-${createHash('sha256').update(`${secret}\nprobe`).digest('hex').slice(0, 12)}`;
  const own = new Map<Root, OpenRoot>();
  const waiting = [...roots];
  /** Those of which nothing is known. */
  const unknown = new Set(roots);
  let silent = 0;
  const inUse = (): OpenRoot[] => roots.flatMap((root) => own.get(root) ?? []);
  let tellOpened: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (tellOpened = resolve));

  function known(root: Root): void {
    unknown.delete(root);
    if (unknown.size === 0) tellOpened();
  }

  function leaveOut(root: Root, why: string): void {
    const { name, path } = root;
    notify(
      'warning',
      `The root ${name} is not used: nothing can be written to ${path} (${why}), by which machines would prove that they see it.`,
      topicOf(root),
    );
    known(root);
  }

  /** Settles when the root has answered, if ever. */
  async function open(root: Root): Promise<void> {
    let answered = false;
    const opening = put(root, probe)
      .then(
        (one) => {
          own.set(root, { ...one, graceEnd: performance.now() + grace });
          settle(topicOf(root));
          onOpen();
          known(root);
        },
        (error: unknown) => leaveOut(root, messageOf(error)),
      )
      .finally(() => {
        answered = true;
      });
    await within(opening, timeout);
    if (answered) return;
    leaveOut(root, `no answer within ${timeout / 1000} s, it is used once there is one`);
    silent++;
    if (silent === AT_ONCE)
      for (const next of waiting) if (unknown.has(next)) leaveOut(next, 'it waits for others that do not answer');
    await opening;
    silent--;
  }

  async function openWaiting(): Promise<void> {
    for (let next = waiting.shift(); next; next = waiting.shift()) await open(next);
  }

  for (let opener = 0; opener < AT_ONCE; opener++) void openWaiting();
  if (roots.length === 0) tellOpened();

  return {
    opened,
    offers: () => roots.map((root) => ({ name: root.name, probe, used: own.has(root) })),
    isProved({ name, proof }) {
      const root = inUse().find((one) => one.name === name);
      return root?.proof === proof || (root?.proofBefore === proof && performance.now() < root.graceEnd);
    },
    rootOf({ files, fixed }) {
      const root = inUse().find(({ path, realPath }) =>
        files.every((file) => isBelowRoot(path, file.path) && isBelow(file.realPath, realPath)),
      );
      // Paths from the top of the disk may name what is not there; that must not be something else on a machine.
      if (!root || fixed?.paths.some((path) => !isBelowRoot(root.path, path))) return null;
      return { root: { name: root.name, path: root.path }, fixed: fixed !== null };
    },
  };
}

/** What is told of a root. */
function topicOf({ name }: Root): string {
  return `farm-root-${name}`;
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
