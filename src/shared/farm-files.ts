import { z } from 'zod';
import { ROOT_NAME } from './root-paths';

/* What the manager of a farm tells its machines about files. */

/** Maximum number of roots. */
export const MAX_ROOTS = 50;
export const rootNameSchema = z.string().regex(ROOT_NAME);

/** The manager's roots: in each lies a file whose content a machine that sees the root can tell. */
export const rootOffersSchema = z
  .array(
    z.object({
      name: rootNameSchema,
      probe: z.string().regex(/^\.framegauge-root-[0-9a-f]{12}$/),
      /** False as long as the manager itself can't use it, as where its share does not answer. */
      used: z.boolean(),
    }),
  )
  .max(MAX_ROOTS);
export type RootOffers = z.infer<typeof rootOffersSchema>;

/** How much of a file that broke off on its way has arrived. */
export const storedBytesSchema = z.object({ bytes: z.int().min(0) });
export type StoredBytes = z.infer<typeof storedBytesSchema>;

/** A path below a folder: `/` between its parts, none of which leads anywhere else. */
export const relativePathSchema = z
  .string()
  .min(1)
  .max(4_000)
  .refine(isRelativePath, 'it must be a path below a folder, with / between its parts');

/** Whether a path stays below the folder it is relative to, on every system. */
function isRelativePath(path: string): boolean {
  return path
    .split('/')
    .every((part) => part !== '' && part !== '.' && part !== '..' && part.length <= 255 && !/[\\:\0]/.test(part));
}
