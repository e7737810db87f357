import type { AvailableAddon } from '../../shared/addon-repositories';
import { folded, searchWords } from './search-words';

/** What of the offer is shown: all, updates, what is not installed, or a tag or category, as `tag:video`. */
export type OfferFilter = 'all' | 'updates' | 'new' | `tag:${string}`;

/** Tags and categories of the offer, in alphabetical order. */
export function tagsOf(addons: readonly AvailableAddon[]): string[] {
  return [...new Set(addons.flatMap(({ tags, category }) => [category, ...tags]))].sort((a, b) => a.localeCompare(b));
}

/** @param search words that all have to occur somewhere in what is told of an add-on */
export function shownOffers(
  addons: readonly AvailableAddon[],
  { search, filter }: { search: string; filter: OfferFilter },
): AvailableAddon[] {
  const words = searchWords(search);
  return addons.filter((addon) => {
    if (filter === 'updates' && !addon.update) return false;
    if (filter === 'new' && addon.installed !== null) return false;
    if (filter.startsWith('tag:') && ![addon.category, ...addon.tags].includes(filter.slice(4))) return false;
    const { id, name, tagline, author, category, tags } = addon;
    const text = folded([id, name, tagline, author, category, ...tags].join(' '));
    return words.every((word) => text.includes(word));
  });
}
