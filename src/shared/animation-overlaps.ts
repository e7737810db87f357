import { shortened } from './shortened';

/** Names of two animations of a glTF that animate the same property: the one that is rendered there, and the other. */
export type AnimationOverlap = readonly [first: string, other: string];

/** Maximum number of overlaps listed per scene. */
const MAX_LISTED = 20;

/**
 * One sentence per animation that yields to another one played with it.
 *
 * @param overlaps in file order: all entries of one `other` in a row, each group with its earliest `first` first
 * @param played names of the animations played together
 */
export function overlapWarnings(
  overlaps: readonly AnimationOverlap[] | undefined,
  played: readonly string[],
): string[] {
  const names = new Set(played);
  const winners = new Map<string, string>();
  for (const [first, other] of overlaps ?? [])
    if (names.has(first) && names.has(other) && !winners.has(other)) winners.set(other, first);
  const sentences = [...winners].slice(0, MAX_LISTED).map(([other, first]) => {
    return `The animations “${shortened(first)}” and “${shortened(other)}” move the same things, and “${shortened(first)}” wins there: to render “${shortened(other)}”, choose it without the other.`;
  });
  const left = winners.size - sentences.length;
  return left > 0 ? [...sentences, `${left.toLocaleString('en')} more of the animations yield to others.`] : sentences;
}
