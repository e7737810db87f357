import { claimedNames } from '../../../shared/merge-families';
import type { FamilyDescription } from './metrics-api';

/**
 * Why a family cannot be added to others, a clause; null where it can. Its series' names count too: `x_count` of a
 * histogram `x`.
 */
export function clashOf(family: FamilyDescription, others: Iterable<FamilyDescription>): string | null {
  const claimed = new Set(claimedNames(family));
  for (const other of others) {
    if (other.name === family.name) return 'there is one of that name already';
    const name = claimedNames(other).find((each) => claimed.has(each));
    if (name !== undefined) return `the metric “${other.name}” has series named “${name}” already`;
  }
  return null;
}
