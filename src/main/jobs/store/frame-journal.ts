import { z } from 'zod';
import type { FrameTry } from '../output/frame-folder';
import type { JournaledFile } from '../output/output-stamps';

/** The output files a try is about to rename. */
export interface Journal {
  readonly files: readonly JournaledFile[];
  /** Fingerprint of what they show; null where unknown. */
  readonly fingerprint: string | null;
}

/** The stored form, with the lease of the try. */
const journalSchema = z.object({
  lease: z.number(),
  files: z.array(
    z.object({
      path: z.string(),
      bytes: z.number(),
      modifiedAt: z.number(),
      inode: z.number().optional(),
      sha256: z.string().optional(),
    }),
  ),
  fingerprint: z.string().nullable(),
});

const HELD = `job_id = ? AND frame = ? AND state = 'rendering' AND coalesce(lease, 0) = ?`;

/** Stores a journal, where its try holds the frame: in one statement, since every frame of every machine waits for it. */
export const WRITE_JOURNAL = `UPDATE frames SET placing = ? WHERE ${HELD}`;

/** Finds a frame where a try holds it. */
export const HOLDS_FRAME = `SELECT 1 FROM frames WHERE ${HELD}`;

/** The stored form of a try's journal. */
export function journalText({ lease }: FrameTry, { files, fingerprint }: Journal): string {
  const journal: z.infer<typeof journalSchema> = { lease, files: [...files], fingerprint };
  return JSON.stringify(journal);
}

/** @returns null also for the journal of another try or one that can't be parsed: nothing is known then */
export function journalOf({ lease }: FrameTry, stored: string | null): Journal | null {
  if (stored === null) return null;
  const { success, data } = journalSchema.safeParse(JSON.parse(stored));
  return success && data.lease === lease ? data : null;
}
