import { z } from 'zod';
import './schema-words';

/** How a job's list of blocked machines names the machine of the manager. */
export const MANAGER = 'manager';

const MAX_TAGS = 50;
const TAG = /^[\p{L}\p{N}][\p{L}\p{N}._-]{0,39}$/u;
export const TAG_RULE = 'write words of letters, digits and “._-”, with commas between, as gpu,linux';

/** What a machine has, or a job needs: words as `gpu`. */
export const tagsSchema = z.array(z.string().regex(TAG, TAG_RULE)).max(MAX_TAGS);

/** A sentence about what is wrong with the preference farm.tags; null where it is valid. */
export function problemOfTags(text: string): string | null {
  return tagsSchema.safeParse(listOf(text)).success ? null : `farm.tags cannot be “${text}”: ${TAG_RULE}.`;
}

/** Names of machines, {@link MANAGER} being the manager's own. */
const machineNamesSchema = z.array(z.string().min(1).max(63)).max(500);

/** On which machines of a farm a job may be rendered. */
export const machineLimitFields = {
  /** Tags that a machine must have, all of them. */
  tags: tagsSchema,
  /** Machines that get none of its frames. */
  blockedMachines: machineNamesSchema,
  /** Maximum number of machines that render it at once; null for no such limit. */
  maxMachines: z.int().min(1).max(10_000).nullable(),
};

export interface MachineLimits {
  readonly tags: readonly string[];
  readonly blockedMachines: readonly string[];
  readonly maxMachines: number | null;
}

/** Whether a machine may have frames of a job. @param name of the machine; null for the manager's own */
export function mayRender(
  { tags, blockedMachines }: MachineLimits,
  name: string | null,
  has: readonly string[],
): boolean {
  return tags.every((tag) => has.includes(tag)) && !blockedMachines.includes(name ?? MANAGER);
}

/** `gpu,linux` as a list; `none` and nothing are an empty one. */
export function listOf(text: string): string[] {
  const words = text.split(',').map((word) => word.trim());
  return words.length === 1 && /^(none)?$/i.test(words[0]!) ? [] : words;
}
