import type { Addon } from '../../shared/addons';
import { msg, t } from '../../shared/texts/translate';
import { folded, searchWords } from './search-words';

/** What of the list of add-ons is shown: all, those that are enabled or not, or a category, as `in:Monitoring`. */
export type AddonFilter = 'all' | 'enabled' | 'disabled' | `in:${string}`;
export type AddonOrder = 'name' | 'category' | 'enabled';

/** Categories in the list, in alphabetical order. */
export function categoriesOf(addons: readonly Addon[]): string[] {
  return [...new Set(addons.map(({ manifest }) => manifest.category))].sort((a, b) => a.localeCompare(b));
}

/** @param search words that all have to occur somewhere in what is told of an add-on */
export function shownAddons(
  addons: readonly Addon[],
  { search, filter, order }: { search: string; filter: AddonFilter; order: AddonOrder },
): Addon[] {
  const words = searchWords(search);
  const fits = ({ manifest, enabled }: Addon): boolean => {
    if (filter === 'enabled' && !enabled) return false;
    if (filter === 'disabled' && enabled) return false;
    if (filter.startsWith('in:') && manifest.category !== filter.slice(3)) return false;
    const { id, name, tagline, description = '', author, category } = manifest;
    const text = folded([id, name, tagline, description, author, category].join(' '));
    return words.every((word) => text.includes(word));
  };
  const byName = (a: Addon, b: Addon): number => a.manifest.name.localeCompare(b.manifest.name);
  const compare: Record<AddonOrder, (a: Addon, b: Addon) => number> = {
    name: byName,
    category: (a, b) => a.manifest.category.localeCompare(b.manifest.category) || byName(a, b),
    enabled: (a, b) => Number(b.enabled) - Number(a.enabled) || byName(a, b),
  };
  return addons.filter(fits).sort(compare[order]);
}

const PERMISSIONS: Readonly<Record<string, string>> = {
  network: msg('Network'),
  files: msg('Files'),
  processes: msg('Other programs'),
  'jobs.read': msg('See jobs'),
  'jobs.control': msg('Change jobs'),
};

/** A permission in words for people, as `Read output`; one that is not known by its own name. */
export function permissionLabel(permission: string): string {
  const [, kind, place] = /^files\.(read|write)\.(.+)$/.exec(permission) ?? [];
  if (place !== undefined) return kind === 'read' ? t('Read {place}', { place }) : t('Write {place}', { place });
  return t(PERMISSIONS[permission] ?? permission);
}
