import { join } from 'node:path';
import { z } from 'zod';
import { type AddonBlock, blockSchema } from '../../../shared/addon-repositories';
import { readRegularFile } from '../../data/open-regular-file';
import { writeFileAtomically } from '../../data/write-file-atomically';
import type { AddonRunner } from '../addon-runner';
import { inTurn, type InstalledAddon } from '../installed-addon';

/** Maximum size of the file in bytes; what repositories may block stays far below. */
const MAX_FILE = 16 * 1024 ** 2;
const fileSchema = z.object({ blocked: z.array(blockSchema) });

export interface BlockListOptions {
  /** Blocks are kept in it for the next start, which may be offline. */
  readonly dataFolder: string;
  readonly entries: ReadonlyMap<string, InstalledAddon>;
  readonly runner: Pick<AddonRunner, 'stop'>;
  readonly save: (entry: InstalledAddon) => Promise<void>;
  readonly changed: () => void;
}

/** Keeps add-ons off that a repository has blocked. Those that come with the program are not affected. */
export interface BlockList {
  /** Reads what was kept; a file that cannot be read blocks nothing until repositories are read again. */
  load(): Promise<void>;
  /**
   * Takes the block lists of the repositories, and disables what they block.
   *
   * @param complete whether every repository could be read; otherwise earlier blocks stay too
   */
  set(blocks: readonly AddonBlock[], complete: boolean): Promise<void>;
  /** Why the version that is there must not run; null where it may. */
  reasonOf(entry: Pick<InstalledAddon, 'manifest' | 'bundled'>): string | null;
  /** After an add-on was installed or has changed its version. */
  apply(): Promise<void>;
}

export function createBlockList({ dataFolder, entries, runner, save, changed }: BlockListOptions): BlockList {
  const file = join(dataFolder, 'addon-blocks.json');
  let blocks: readonly AddonBlock[] = [];

  const reasonOf: BlockList['reasonOf'] = ({ manifest: { id, version }, bundled }) =>
    bundled ? null : (blockOf(blocks, id, version)?.reason ?? null);

  async function applyTo(entry: InstalledAddon): Promise<void> {
    const reason = reasonOf(entry);
    if (entry.blocked === reason) return;
    entry.blocked = reason;
    changed();
    if (reason === null) return;
    await runner.stop(entry);
    if (!entry.enabled) return;
    entry.enabled = false;
    changed();
    await save(entry);
  }

  async function apply(): Promise<void> {
    await Promise.all([...entries.values()].map((entry) => inTurn(entry, () => applyTo(entry))));
  }

  return {
    async load() {
      const read = await readRegularFile(file, MAX_FILE)
        .then((bytes) => fileSchema.safeParse(JSON.parse(bytes.toString('utf8'))))
        .catch(() => null);
      blocks = read?.success ? read.data.blocked : [];
      await apply();
    },
    async set(next, complete) {
      const all = complete ? [...next] : [...next, ...blocks];
      const merged = [...new Map(all.map((block) => [JSON.stringify(block), block])).values()];
      if (JSON.stringify(merged) === JSON.stringify(blocks)) return;
      blocks = merged;
      await writeFileAtomically(file, `${JSON.stringify({ blocked: blocks })}\n`);
      await apply();
    },
    reasonOf,
    apply,
  };
}

/** The block that a version of an add-on falls under. */
export function blockOf(blocks: readonly AddonBlock[], id: string, version: string): AddonBlock | undefined {
  return blocks.find((block) => block.id === id && (block.versions === undefined || block.versions.includes(version)));
}
